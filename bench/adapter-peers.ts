// The same page by other libraries for Express, set up as their own documentation has it.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getSession, type ExpressAuthConfig } from '@auth/express'
import { encode } from '@auth/core/jwt'
import { startEmulator } from '@pierhead/emulator'
import express, { type Request } from 'express'
import { auth } from 'express-openid-connect'
import { openidConnectOptions } from './compare/openid-connect-options.ts'
import { registerClient } from './compare/scene.ts'
import { Visitor } from './compare/visitor.ts'
import { homePage, type Person } from './page.ts'
import { personOf, tokensOf } from './provider.ts'
import type { ServerAnswer } from './server.ts'

/** Everybody logs in by the whole way, at an emulator that is gone before anything is measured. */
export async function startExpressOpenidConnect(count: number): Promise<ServerAnswer> {
  const emulator = await startEmulator({
    port: 0,
    hosts: ['127.0.0.1'],
    behaviour: { autoLogin: 'maya.okafor@harbour.example', autoConsent: true },
  })
  const app = express()
  const port = await listen(app)
  const origin = `http://127.0.0.1:${port}`
  app.use(auth(openidConnectOptions(emulator.origin, origin, registerClient(emulator, `${origin}/callback`))))
  app.get('/', async (req, res) => {
    // What the middleware above gives for somebody who is logged in: the claims of the ID token.
    const { oidc } = req as Request & { readonly oidc: { readonly user: Person } }
    res.type('html').send(await homePage(oidc.user))
  })
  const cookies: string[] = []
  for (let person = 0; person < count; person += 1) cookies.push(await logIn(origin))
  await emulator.close()
  return { port, cookies }
}

async function logIn(origin: string): Promise<string> {
  const visitor = new Visitor()
  await visitor.open(`${origin}/login`)
  return [...visitor.cookies(origin)].map((pair) => pair.join('=')).join('; ')
}

const salt = 'authjs.session-token'

/** The cookies are made as its callback makes them, with what it would have to keep to show this page and call Globus. */
export async function startAuthJs(count: number): Promise<ServerAnswer> {
  const secret = randomBytes(48).toString('base64')
  const config: ExpressAuthConfig = {
    trustHost: true,
    secret,
    providers: [{ id: 'globus', name: 'Globus', type: 'oidc', issuer: 'https://auth.example.org', clientId: 'bench' }],
    callbacks: { session: ({ session, token }) => ({ ...session, person: token['person'] }) },
  }
  const app = express()
  app.get('/', async (req, res) => {
    // What the callback above adds.
    const session = (await getSession(req, config)) as { readonly person?: Person } | null
    res.type('html').send(await homePage(session?.person))
  })
  const cookies: string[] = []
  for (let number = 0; number < count; number += 1) {
    const person = personOf(number)
    const token = { sub: person.sub, name: person.name, email: person.email, person, tokens: tokensOf() }
    cookies.push(`${salt}=${await encode({ salt, secret, token })}`)
  }
  return { port: await listen(app), cookies }
}

async function listen(app: express.Express): Promise<number> {
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // An address of a TCP server is an object.
  return (server.address() as AddressInfo).port
}
