// A process of its own that asks for the tokens of one session, many times at once, when it is told to.
import { createLogin, type Login, type LoginOptions, type LoginSession } from 'pierhead'
import { sqliteStore } from 'pierhead/session-store/sqlite'
import { TestClock } from './clock.ts'

/** What the parent sends first; its second message starts the calls. */
export interface CallerOrder {
  readonly options: Pick<LoginOptions, 'clientId' | 'clientSecret' | 'issuer' | 'redirectUri' | 'scopes'>
  readonly secrets: readonly string[]
  readonly database: string
  readonly cookie: string
  /** Seconds that the process's clock is ahead. */
  readonly ahead: number
  readonly calls: number
  readonly resourceServer: string
}

/** What comes back: the different tokens that the calls got, and the failures. */
export interface CallerResult {
  readonly tokens: readonly string[]
  readonly failures: readonly string[]
}

process.once('message', (order: CallerOrder) => {
  const clock = new TestClock()
  clock.advance(order.ahead)
  const store = sqliteStore(order.database, { now: clock.now })
  const session = { secrets: order.secrets, store }
  const login = createLogin({ ...order.options, session, clock, logger: () => undefined })
  process.once('message', () => void run(order, () => open(login, order.cookie)))
  process.send?.('ready')
})

async function run(order: CallerOrder, openSession: () => Promise<LoginSession>): Promise<void> {
  const calls = Array.from({ length: order.calls }, async () => (await openSession()).accessToken(order.resourceServer))
  const results = await Promise.allSettled(calls)
  const tokens = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []))
  process.send?.({ tokens: [...new Set(tokens)], failures } satisfies CallerResult)
  process.disconnect?.()
}

async function open(login: Login, cookie: string): Promise<LoginSession> {
  const header = (name: string): string | undefined => (name === 'cookie' ? cookie : undefined)
  const { session } = await login.open({ method: 'GET', target: '/', header })
  if (session === undefined) throw new Error('There is no session.')
  return session
}
