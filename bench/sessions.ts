import { setTimeout as delay } from 'node:timers/promises'
import { createLogin, type Clock, type Login, type SessionStore } from 'pierhead'
import { createProvider } from './provider.ts'

const clientId = '7c0f2a58-1d4e-4b8e-9a59-2f6f1c3f8e21'
const callback = 'https://portal.example.org/login'

/** Stands still: a session that is a minute old is written again, and the load goes on with the cookie it began with. */
const standingClock: Clock = {
  now: () => startedAt,
  monotonic: () => performance.now(),
  wait: (milliseconds, signal) => delay(milliseconds, undefined, signal === undefined ? {} : { signal }),
  timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
}
const startedAt = Date.now()

export interface BenchSessions {
  readonly login: Login
  /** One `Cookie` header for each session. */
  readonly cookies: readonly string[]
}

/** A login with so many people logged in, each by the whole path from `/login` to the callback. */
export async function createSessions(options: {
  count: number
  rememberBytes?: number
  store?: SessionStore
}): Promise<BenchSessions> {
  const { count, ...session } = options
  const provider = await createProvider(clientId)
  const login = createLogin({
    clientId,
    clientSecret: 'not needed by this provider',
    redirectUri: callback,
    issuer: provider.issuer,
    fetch: provider.fetch,
    clock: standingClock,
    scopes: ['openid', 'profile', 'email'],
    session: { secrets: ['one secret of these measurements, 32 bytes and more'], ...session },
  })
  const cookies: string[] = []
  for (let person = 0; person < count; person += 1) cookies.push(await logIn(login, person))
  return { login, cookies }
}

async function logIn(login: Login, person: number): Promise<string> {
  const start = await visit(login, '/login', '')
  const sent = new URL(start.location, callback).searchParams
  const code = `${sent.get('nonce')}.${person}`
  const finish = await visit(
    login,
    `/login?${new URLSearchParams({ code, state: sent.get('state') ?? '' })}`,
    start.cookie,
  )
  return finish.cookie
}

async function visit(login: Login, target: string, cookie: string): Promise<{ location: string; cookie: string }> {
  const opened = await login.open({ method: 'GET', target, header: (name) => (name === 'cookie' ? cookie : undefined) })
  const answer = await opened.route(async () => new URLSearchParams())
  const location = answer?.headers.find(([name]) => name === 'location')?.[1]
  if (location === undefined) throw new Error(`${target} answered ${answer?.status}: ${answer?.body}`)
  return { location, cookie: cookieHeader(opened.headers()) }
}

/** What a browser would send: neither deleted cookies nor the count of logins, which the first page deletes. */
function cookieHeader(headers: readonly (readonly [string, string])[]): string {
  return headers
    .filter(([name, value]) => name === 'set-cookie' && !value.includes('Max-Age=0') && !value.includes('-rounds='))
    .map(([, value]) => value.slice(0, value.indexOf(';')))
    .join('; ')
}
