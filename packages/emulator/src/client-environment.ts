import type { ClientInfo } from './info.ts'

/** What the program is written in: clients of Globus read other variables in each. */
export const runtimes = ['python', 'node', 'browser'] as const

/** What a program is written in. */
export type Runtime = (typeof runtimes)[number]

/**
 * Python's SDK and CLI keep their tokens apart by this name, so that nobody's real login is read or overwritten. It names no
 * environment of Globus: a service without an address here is an error instead of a call to the real one. `@globus/sdk` refuses
 * names it does not know, so JavaScript never gets it.
 */
export const PYTHON_ENVIRONMENT = 'pierhead'

const common = ['AUTH', 'TRANSFER', 'GROUPS', 'SEARCH', 'FLOWS', 'COMPUTE'] as const

/** The service that schedules has another name in each SDK. */
const services: Readonly<Record<Runtime, readonly string[]>> = {
  python: [...common, 'TIMER'],
  node: [...common, 'TIMERS'],
  browser: [...common, 'TIMERS'],
}

/** Every variable by which some official client finds a service; with the trailing slash that they want. */
export const serviceUrls = (origin: string): Readonly<Record<string, string>> =>
  urls(origin, [...common, 'TIMER', 'TIMERS'])

/** By these, clients outside browsers learn which authorities to trust. */
export const trustVariables = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'REQUESTS_CA_BUNDLE',
  'GLOBUS_SDK_VERIFY_SSL',
] as const

export interface EnvironmentChoice {
  readonly runtime: Runtime
  /** What makes clients trust the servers of files. A browser has its own ways. */
  readonly trust?: Readonly<Record<string, string>> | undefined
  /** The app whose registration is handed over; none without. A browser never gets a secret. */
  readonly client?: Pick<ClientInfo, 'client_id' | 'client_secret' | 'redirect_uris'> | undefined
}

/** The variables by which a program of that kind finds the emulator at an origin, and its own registration there. */
export function clientEnvironment(
  origin: string,
  { runtime, client, trust = {} }: EnvironmentChoice,
): Readonly<Record<string, string>> {
  const [redirectUri] = client?.redirect_uris ?? []
  const secret = runtime === 'browser' ? undefined : client?.client_secret
  return {
    ...(runtime === 'python' ? { GLOBUS_SDK_ENVIRONMENT: PYTHON_ENVIRONMENT } : {}),
    ...urls(origin, services[runtime]),
    ...(runtime === 'browser' ? {} : trust),
    ...(client === undefined ? {} : { GLOBUS_CLIENT_ID: client.client_id }),
    ...(secret === undefined ? {} : { GLOBUS_CLIENT_SECRET: secret }),
    ...(redirectUri === undefined ? {} : { GLOBUS_REDIRECT_URI: redirectUri }),
  }
}

const urls = (origin: string, names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [`GLOBUS_SDK_SERVICE_URL_${name}`, `${origin}/`]))
