import { join, resolve } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** Which Globus the portal talks to, and the client it is there. */
export interface RealGlobus {
  readonly kind: 'production' | 'preview'
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
}

/** What the environment says about a start. */
export interface Settings {
  /** The portal's port. Undefined: 8888, or the next free one. */
  readonly port: number
  readonly emulatorPort: number
  /** Absolute path of the folder that keeps everything between starts. */
  readonly data: string
  /** Undefined: the local emulator. */
  readonly globus: RealGlobus | undefined
}

const explanations = {
  GLOBUS_CLIENT_ID: 'the client UUID of your application; register it at https://app.globus.org/settings/developers',
  GLOBUS_CLIENT_SECRET: 'a secret of that client; make one on its page at https://app.globus.org/settings/developers',
  GLOBUS_REDIRECT_URI:
    "the redirect registered for that client, character by character; the portal's is http://localhost:8888/login",
} as const

/**
 * Reads PORT, EMULATOR_PORT, PIERHEAD_DATA, PIERHEAD_GLOBUS and, for the real Globus, GLOBUS_*.
 * @throws TypeError naming each variable that is missing or wrong, and the remedy
 */
export function parseSettings(env: Environment, root: string): Settings {
  const globus = parseGlobus(env)
  const ownPort = globus === undefined ? undefined : loopbackPort(globus.redirectUri)
  return {
    port: parsePort(env, 'PORT', ownPort ?? 8888),
    emulatorPort: parsePort(env, 'EMULATOR_PORT', 8889),
    data: env.PIERHEAD_DATA ? resolve(root, env.PIERHEAD_DATA) : join(root, '.pierhead'),
    globus,
  }
}

function parsePort(env: Environment, name: string, fallback: number): number {
  const text = env[name]
  if (text === undefined || text === '') return fallback
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port > 0 && port < 65_536) return port
  throw new TypeError(`${name} is ${JSON.stringify(text)}; it must be a port number from 1 to 65535.`)
}

function parseGlobus(env: Environment): RealGlobus | undefined {
  const kind = env.PIERHEAD_GLOBUS ?? ''
  if (kind === '' || kind === 'emulator') return undefined
  if (kind !== 'production' && kind !== 'preview')
    throw new TypeError(`PIERHEAD_GLOBUS is ${JSON.stringify(kind)}; it can be emulator, production or preview.`)
  const { GLOBUS_CLIENT_ID: clientId, GLOBUS_CLIENT_SECRET: clientSecret, GLOBUS_REDIRECT_URI: redirectUri } = env
  if (clientId && clientSecret && redirectUri)
    return { kind, clientId, clientSecret, redirectUri: parseUrl(redirectUri) }
  const missing = Object.entries(explanations).filter(([name]) => !env[name])
  throw new TypeError(
    [
      `PIERHEAD_GLOBUS=${kind} uses the real Globus and needs, in the environment or in .env:`,
      ...missing.map(([name, explanation]) => `  ${name}: ${explanation}`),
      'Without PIERHEAD_GLOBUS the local emulator is used, which needs none of this.',
    ].join('\n'),
  )
}

function parseUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text
  throw new TypeError(`GLOBUS_REDIRECT_URI is ${JSON.stringify(text)}; it must be ${explanations.GLOBUS_REDIRECT_URI}.`)
}

function loopbackPort(redirectUri: string): number | undefined {
  const url = new URL(redirectUri)
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return isLoopback && url.protocol === 'http:' ? Number(url.port || 80) : undefined
}
