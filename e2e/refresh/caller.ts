// A process of its own that asks for the tokens of sessions, many times at once, whenever it is told to.
import { createLogin, type Login, type LoginOptions } from 'pierhead'
import { TestClock } from '../support/clock.ts'
import { sharedStores, type SharedStoreName } from './stores.ts'

/** What the parent sends first. */
export interface CallerOptions {
  readonly login: Pick<LoginOptions, 'clientId' | 'clientSecret' | 'issuer' | 'redirectUri' | 'scopes'>
  readonly secrets: readonly string[]
  readonly store: SharedStoreName
  readonly place: string
}

/** What it sends whenever calls are to be made. */
export interface Order {
  readonly cookies: readonly string[]
  readonly calls: number
  readonly resourceServer: string
  /** Seconds by which this process's clock goes forward first. */
  readonly later: number
}

/** For each cookie the different tokens that the calls got, and what the others met. */
export type Answers = readonly { readonly tokens: readonly string[]; readonly failures: readonly string[] }[]

export type CallerMessage =
  | { readonly kind: 'ready' }
  /** A token request is on its way. */
  | { readonly kind: 'refreshing' }
  | { readonly kind: 'answers'; readonly answers: Answers }

const clock = new TestClock()

process.once('message', (options: CallerOptions) => {
  const store = sharedStores[options.store].open(options.place, clock.now)
  const session = { secrets: options.secrets, store }
  const login = createLogin({ ...options.login, session, clock, fetch: announced, logger: () => undefined })
  process.on('message', (order: Order) => void run(login, order))
  tell({ kind: 'ready' })
})

const announced: typeof fetch = (input, init) => {
  if (new Request(input).url.endsWith('/v2/oauth2/token')) tell({ kind: 'refreshing' })
  return fetch(input, init)
}

async function run(login: Login, order: Order): Promise<void> {
  clock.advance(order.later)
  tell({ kind: 'answers', answers: await Promise.all(order.cookies.map((cookie) => ask(login, cookie, order))) })
}

async function ask(login: Login, cookie: string, { calls, resourceServer }: Order): Promise<Answers[number]> {
  const results = await Promise.allSettled(Array.from({ length: calls }, () => token(login, cookie, resourceServer)))
  const tokens = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []))
  return { tokens: [...new Set(tokens)], failures: [...new Set(failures)] }
}

async function token(login: Login, cookie: string, resourceServer: string): Promise<string> {
  const header = (name: string): string | undefined => (name === 'cookie' ? cookie : undefined)
  const { session } = await login.open({ method: 'GET', target: '/', header })
  if (session === undefined) throw new Error('There is no session.')
  return session.accessToken(resourceServer)
}

function tell(message: CallerMessage): void {
  process.send?.(message)
}
