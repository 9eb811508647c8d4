import { loginProxy } from 'pierhead/next'
import { login } from './lib/login'

export const proxy = loginProxy(login)

export const config = { matcher: ['/((?!_next/static|_next/image).*)'] }
