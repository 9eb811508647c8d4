// A process of its own in which one session logs out, so that it can be killed before it is done.
import { createLogin, type LoginOptions } from 'pierhead'
import { sqliteStore } from 'pierhead/session-store/sqlite'

export interface LeaverOrder {
  readonly options: Pick<LoginOptions, 'clientId' | 'clientSecret' | 'issuer' | 'redirectUri' | 'scopes'>
  readonly secrets: readonly string[]
  readonly database: string
  readonly cookie: string
}

process.once('message', (order: LeaverOrder) => void leave(order))

async function leave({ options, secrets, database, cookie }: LeaverOrder): Promise<void> {
  const login = createLogin({ ...options, session: { secrets, store: sqliteStore(database) }, logger: () => undefined })
  const read = async (method: string, headers: Record<string, string>) =>
    login.open({ method, target: login.logoutUrl, header: (name) => ({ cookie, ...headers })[name] })
  const { session } = await read('GET', {})
  if (session === undefined) throw new Error('There is no session.')
  const headers = { origin: new URL(options.redirectUri).origin, 'x-csrf-token': session.csrfToken }
  await (await read('POST', headers)).route(async () => new URLSearchParams())
  process.send?.('left')
}
