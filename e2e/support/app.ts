import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningEmulator } from '@pierhead/emulator'
import { createLogin, type Login, type LoginEvent, type LoginOptions, type SessionStore } from 'pierhead'
import { scopes } from 'pierhead/globus'
import { memoryStore } from 'pierhead/session-store/memory'
import { sqliteStore } from 'pierhead/session-store/sqlite'
import { TestClock } from './clock.ts'
import { registerApp, type Registration } from './emulator.ts'
import { listenerOf, type Framework } from './frameworks.ts'
import { recordWire, type Wire } from './wire.ts'
import { close, listen, portOf } from './servers.ts'

export type StoreName = 'sqlite' | 'memory' | 'sealed cookies'

export interface AppOptions {
  /** Default: hono. */
  readonly framework?: Framework
  /** Default: memory. A store of one's own may be given. */
  readonly store?: StoreName | SessionStore
  readonly clock?: TestClock
  readonly name?: string
  /** Overrides what the app would pass to `createLogin`. */
  readonly login?: Partial<LoginOptions>
}

/** A small app with login, listening on localhost. */
export interface App extends Registration {
  readonly origin: string
  readonly login: Login
  readonly options: LoginOptions
  readonly clock: TestClock
  /** Everything that was logged, level info included. */
  readonly events: readonly LoginEvent[]
  /** Requests to the provider, and every secret in them, in their answers and in the options. */
  readonly wire: Pick<Wire, 'sent' | 'secrets'>
  /** Every request that was answered, such as `POST /notes 403`. */
  readonly answered: readonly string[]
  /** Notes that were left with POST /notes. */
  readonly notes: { count: number }
  close(): Promise<void>
}

export const tableOfApps = (['hono', 'node:http'] as const).flatMap((framework) =>
  (['sqlite', 'memory', 'sealed cookies'] as const).map((store) => ({ framework, store })),
)

/** Starts an app that is registered at the emulator under a name and secret of its own. */
export async function startApp(globus: RunningEmulator, options: AppOptions = {}): Promise<App> {
  const { framework = 'hono', store = 'memory', clock = new TestClock(), name = 'Sample App' } = options
  const server = await listen('localhost')
  const origin = `http://localhost:${portOf(server)}`
  const registration = registerApp(globus, name, `${origin}/login`)
  const events: LoginEvent[] = []
  const wire = recordWire()
  const { session, remove } = prepareSession(store, clock)
  const loginOptions: LoginOptions = {
    ...registration,
    issuer: globus.origin,
    redirectUri: `${origin}/login`,
    scopes: [scopes.openid, scopes.profile, scopes.email, scopes.transfer.all],
    session,
    name,
    clock,
    fetch: wire.fetch,
    logger: (event) => events.push(event),
    ...options.login,
  }
  for (const secret of [loginOptions.clientSecret, ...session.secrets]) wire.secrets.add(secret)
  const login = createLogin(loginOptions)
  const notes = { count: 0 }
  const answered: string[] = []
  server.on('request', (req, res) => {
    res.on('finish', () => answered.push(`${req.method} ${req.url} ${res.statusCode}`))
  })
  server.on('request', await listenerOf(framework, login, notes))
  const stop = async (): Promise<void> => {
    await close(server)
    await login.close()
    remove()
  }
  return { ...registration, origin, login, options: loginOptions, clock, events, wire, answered, notes, close: stop }
}

function prepareSession(
  store: StoreName | SessionStore,
  clock: TestClock,
): { session: LoginOptions['session']; remove: () => void } {
  const secrets = [randomBytes(48).toString('base64')]
  const keep = (): void => undefined
  if (store === 'sealed cookies') return { session: { secrets }, remove: keep }
  if (store === 'memory') return { session: { secrets, store: memoryStore({ now: clock.now }) }, remove: keep }
  if (store !== 'sqlite') return { session: { secrets, store }, remove: keep }
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-e2e-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  return { session: { secrets, store: sqliteStore(join(folder, 'sessions.db'), { now: clock.now }) }, remove }
}
