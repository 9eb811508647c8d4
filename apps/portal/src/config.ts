import * as z from 'zod'

/** Everything the portal is told from outside. Read once, at start. */
export interface PortalConfig {
  readonly port: number
  /** Folder that keeps sessions between starts; relative to the working directory. */
  readonly dataFolder: string
  /** The first seals, all open. */
  readonly sessionSecrets: readonly string[]
  /** Redis or PostgreSQL, for sessions that several portals share. Undefined: a file in the data folder. */
  readonly sessionStoreUrl: string | undefined
  readonly clientId: string
  readonly clientSecret: string
  /** The exact registered string. The public address of the portal comes from it. */
  readonly redirectUri: string
  /** Globus Auth, without a slash at the end. */
  readonly issuer: string
  /** Addresses of Globus services that are not the usual ones, by name such as `TRANSFER`. */
  readonly services: Readonly<Record<string, string>>
  /** Whether people may see their own access tokens. Never true with `NODE_ENV=production`. */
  readonly revealTokens: boolean
}

/** The settings are wrong. The message names each variable, what it holds, and the remedy. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}

type Environment = Readonly<Record<string, string | undefined>>

const developers = 'https://app.globus.org/settings/developers'

/** What each variable must be. Said to the person who starts the portal, so with an example or the way to get one. */
const remedies: Readonly<Record<string, string>> = {
  PORT: 'a port number from 1 to 65535, such as 8888 (the default)',
  PIERHEAD_DATA: 'the folder that keeps sessions, such as .pierhead (the default)',
  SESSION_SECRET:
    'at least 32 bytes that nobody can guess; make them with: openssl rand -base64 48 (to change it: the new one, a comma, the old one)',
  SESSION_STORE_URL:
    'redis://, rediss:// or postgres:// with the host and what else the server asks for, such as redis://127.0.0.1:6379, ' +
    'or absent for a file in PIERHEAD_DATA',
  GLOBUS_CLIENT_ID: `the client UUID of the portal's registration; register it at ${developers}`,
  GLOBUS_CLIENT_SECRET: `a secret of that client; make one on its page at ${developers}`,
  GLOBUS_REDIRECT_URI:
    'the redirect registered for that client, character by character: https with a path, such as ' +
    'https://data.example.org/login, or http on this machine only, such as http://localhost:8888/login',
  GLOBUS_SDK_ENVIRONMENT: 'production (the default) or preview',
  PORTAL_REVEAL_TOKENS: '1 to let people see their own access tokens while developing, or absent',
}
const serviceRemedy = 'the https address of that service, such as https://auth.globus.org/; http on this machine only'
const servicePrefix = 'GLOBUS_SDK_SERVICE_URL_'
/** Read aloud in an error message, a secret would end up in a log. */
const secrets = new Set(['SESSION_SECRET', 'SESSION_STORE_URL', 'GLOBUS_CLIENT_SECRET'])
const storeProtocols = new Set(['redis:', 'rediss:', 'postgres:', 'postgresql:'])

const schema = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .pipe(z.number().min(1).max(65_535))
    .default(8888),
  PIERHEAD_DATA: z.string().default('.pierhead'),
  SESSION_SECRET: z
    .string()
    .transform((list) => list.split(',').map((secret) => secret.trim()))
    .refine((list) => list.every((secret) => Buffer.byteLength(secret) >= 32)),
  SESSION_STORE_URL: z.string().refine(isStoreUrl).optional(),
  GLOBUS_CLIENT_ID: z.guid(),
  GLOBUS_CLIENT_SECRET: z.string(),
  GLOBUS_REDIRECT_URI: z.string().refine((text) => isSafeUrl(text) && new URL(text).pathname !== '/'),
  GLOBUS_SDK_ENVIRONMENT: z.enum(['production', 'preview']).default('production'),
  PORTAL_REVEAL_TOKENS: z.enum(['0', '1']).default('0'),
  NODE_ENV: z.string().optional(),
})

const issuers = { production: 'https://auth.globus.org', preview: 'https://auth.preview.globus.org' } as const

/**
 * Reads the settings from the environment. Empty variables count as absent.
 * @throws ConfigurationError naming every variable that is missing or wrong, and the remedy
 */
export function readConfig(environment: Environment): PortalConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const result = schema.safeParse(given)
  const wrong = new Set(result.error?.issues.map(({ path }) => String(path[0])))
  const services = Object.entries(given).filter(([name]) => name.startsWith(servicePrefix))
  for (const [name, value = ''] of services) if (!isSafeUrl(value)) wrong.add(name)
  if (!result.success || wrong.size > 0) throw new ConfigurationError(explain([...wrong], given))
  const { data } = result
  const { [`${servicePrefix}AUTH`]: auth = issuers[data.GLOBUS_SDK_ENVIRONMENT] } = given
  return {
    port: data.PORT,
    dataFolder: data.PIERHEAD_DATA,
    sessionSecrets: data.SESSION_SECRET,
    sessionStoreUrl: data.SESSION_STORE_URL,
    clientId: data.GLOBUS_CLIENT_ID,
    clientSecret: data.GLOBUS_CLIENT_SECRET,
    redirectUri: data.GLOBUS_REDIRECT_URI,
    issuer: auth.replace(/\/+$/, ''),
    services: Object.fromEntries(services.map(([name, value = '']) => [name.slice(servicePrefix.length), value])),
    revealTokens: data.PORTAL_REVEAL_TOKENS === '1' && data.NODE_ENV !== 'production',
  }
}

function explain(names: readonly string[], given: Environment): string {
  const lines = names.map((name) => `  ${name} ${describe(name, given[name])} ${remedies[name] ?? serviceRemedy}`)
  return ['The portal cannot start with these settings:', ...lines].join('\n')
}

function describe(name: string, value: string | undefined): string {
  if (value === undefined) return 'is missing; it must be'
  if (secrets.has(name)) return `has ${Buffer.byteLength(value)} bytes; it must be`
  return `is ${JSON.stringify(value)}; it must be`
}

function isStoreUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && storeProtocols.has(url.protocol) && url.hostname !== ''
}

/** https, or http to this machine; nothing that changes the meaning of what is appended. */
function isSafeUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

export function isLoopback(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}
