import { isLoopback } from '../oauth/provider.ts'
import { systemClock, type Clock } from './clock.ts'
import { stderrLogger, type Logger } from './events.ts'
import type { LoginOptions } from './options.ts'

/** Options with every default filled in and every mistake refused. */
export interface Settings {
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
  readonly issuer: string
  readonly scopes: readonly string[]
  readonly secrets: readonly string[]
  readonly limits: { readonly idle: number; readonly absolute: number }
  readonly rememberBytes: number
  readonly refreshTokens: boolean
  /** Public scheme, host and port. */
  readonly origin: string
  readonly basePath: string
  readonly stripPrefix: boolean
  readonly callbackPath: string
  readonly loginPath: string
  readonly logoutPath: string
  readonly afterLogout: string
  readonly name: string
  readonly skipCsrf: ReadonlySet<string>
  readonly clock: Clock
  readonly logger: Logger
}

const hour = 3600
const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])
/** Secrets that are printed in the tutorials this package grew out of. */
const publishedSecrets = new Set(['abc123!', '32oETzKXQAGaYdkL5gEmGeJJFuYh7EQnp2XdTP1o/Vo='])

export function resolveSettings<Data>(options: LoginOptions<Data>): Settings {
  const redirect = checkRedirectUri(options.redirectUri)
  const basePath = checkBasePath(options.basePath ?? '', redirect)
  const pathOption = (name: string, value: string | undefined, standard: string): string =>
    value === undefined ? standard : checkPath(name, value, basePath)
  return {
    clientId: checkText('clientId', options.clientId),
    clientSecret: checkText('clientSecret', options.clientSecret),
    redirectUri: options.redirectUri,
    issuer: checkIssuer(options),
    scopes: checkScopes(options.scopes),
    secrets: checkSecrets(options.session.secrets),
    limits: {
      idle: checkSeconds('session.idleTimeout', options.session.idleTimeout ?? 24 * hour),
      absolute: checkSeconds('session.absoluteTimeout', options.session.absoluteTimeout ?? 7 * 24 * hour),
    },
    rememberBytes: options.session.rememberBytes ?? 16 * 1024 * 1024,
    refreshTokens: options.refreshTokens ?? true,
    origin: redirect.origin,
    basePath,
    stripPrefix: options.stripPrefix ?? false,
    callbackPath: redirect.pathname,
    loginPath: pathOption('loginPath', options.loginPath, redirect.pathname),
    logoutPath: checkLogoutPath(pathOption('logoutPath', options.logoutPath, `${basePath}/logout`), [
      redirect.pathname,
      options.loginPath,
    ]),
    afterLogout: pathOption('afterLogout', options.afterLogout, `${basePath}/`),
    name: options.name ?? redirect.host,
    skipCsrf: new Set(options.dangerouslySkipCsrf),
    clock: options.clock ?? systemClock,
    logger: options.logger ?? stderrLogger,
  }
}

export function checkText(name: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value
  throw new TypeError(`${name} is missing. Register the application at Globus and pass what the registration shows.`)
}

function checkRedirectUri(text: string): URL {
  const url = URL.parse(checkText('redirectUri', text))
  if (url === null) throw new TypeError('redirectUri is not an absolute URL. Pass the registered string as it is.')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopbackHosts.has(url.hostname))) {
    throw new TypeError(
      `redirectUri must be https; http is for localhost only, and this is ${url.protocol}//${url.host}. ` +
        'Put a TLS proxy in front and register the https address.',
    )
  }
  if (url.hash !== '' || url.search !== '' || url.username !== '' || url.pathname === '/') {
    throw new TypeError('redirectUri must have a path such as /login, and no query, fragment or user.')
  }
  return url
}

function checkBasePath(basePath: string, redirect: URL): string {
  if (basePath === '') return ''
  if (!/^(?:\/[\w.~-]+)+$/.test(basePath)) {
    throw new TypeError('basePath must look like /portal: a slash first, none at the end.')
  }
  if (redirect.pathname.startsWith(`${basePath}/`)) return basePath
  throw new TypeError(`redirectUri must lie below basePath ${basePath}, and its path is ${redirect.pathname}.`)
}

function checkPath(name: string, value: string, basePath: string): string {
  if (/^\/(?!\/)[\w.~%/-]*$/.test(value) && value.startsWith(`${basePath}/`)) return value
  throw new TypeError(`${name} must be a public path below ${basePath}/, and is ${JSON.stringify(value)}.`)
}

function checkLogoutPath(path: string, others: readonly (string | undefined)[]): string {
  if (!others.includes(path)) return path
  throw new TypeError(`logoutPath must not be a path of the login, and both are ${path}.`)
}

function checkScopes(scopes: readonly string[]): readonly string[] {
  if (scopes.includes('openid')) return [...scopes]
  throw new TypeError('scopes must hold "openid": without it nobody says who logged in.')
}

export function checkSecrets(secrets: readonly string[]): readonly string[] {
  const remedy = 'Make one with `openssl rand -base64 48` and keep it out of the repository.'
  if (secrets.length === 0) throw new TypeError(`session.secrets is empty. ${remedy}`)
  for (const secret of secrets) {
    if (typeof secret !== 'string' || secret === '') throw new TypeError(`A session secret is missing. ${remedy}`)
    if (publishedSecrets.has(secret)) throw new TypeError(`A session secret is a published example. ${remedy}`)
    const bytes = Buffer.byteLength(secret)
    if (bytes < 32) throw new TypeError(`A session secret has ${bytes} bytes; at least 32 are needed. ${remedy}`)
    if (new Set(secret).size < 10) throw new TypeError(`A session secret repeats a few characters. ${remedy}`)
  }
  return [...secrets]
}

function checkSeconds(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value
  throw new TypeError(`${name} must be a positive number of seconds.`)
}

export function checkIssuer(options: Pick<LoginOptions, 'issuer' | 'dangerouslyAllowLocalIssuerInProduction'>): string {
  const fromEnvironment = process.env['GLOBUS_SDK_SERVICE_URL_AUTH']?.replace(/\/+$/, '')
  const issuer = options.issuer ?? (fromEnvironment === '' ? undefined : fromEnvironment) ?? 'https://auth.globus.org'
  const url = URL.parse(issuer)
  if (url === null || issuer.endsWith('/') || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new TypeError(`issuer must be an address without a slash at the end, and is ${JSON.stringify(issuer)}.`)
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw new TypeError(`issuer must be https; http is for this machine only, and this is ${issuer}.`)
  }
  const production = process.env['NODE_ENV'] === 'production'
  if (production && isThisMachine(url.hostname) && options.dangerouslyAllowLocalIssuerInProduction !== true) {
    throw new TypeError(
      `NODE_ENV is production and the issuer ${issuer} is on this machine: anyone could log in as anyone. ` +
        'Unset GLOBUS_SDK_SERVICE_URL_AUTH, or set dangerouslyAllowLocalIssuerInProduction in a test.',
    )
  }
  return issuer
}

/** Loopback in every spelling, and the unspecified addresses, which lead here too. */
function isThisMachine(hostname: string): boolean {
  return (
    isLoopback(hostname.replace(/\.$/, '')) ||
    /^(?:0\.0\.0\.0|\[::\]|\[::ffff:(?:7f[\da-f]{2}|0):[\da-f]+\])$/.test(hostname)
  )
}
