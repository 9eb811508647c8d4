import { ENVIRONMENTS, getServiceHost } from '@globus/sdk/core/global'
import { RESOURCE_SERVERS } from '@globus/sdk/services/auth/config'

/** Names of services as the SDK and the environment variables `GLOBUS_SDK_SERVICE_URL_*` spell them. */
export type ServiceId = 'AUTH' | 'TRANSFER' | 'GROUPS' | 'SEARCH' | 'FLOWS' | 'TIMERS' | 'COMPUTE'
export type Environment = (typeof ENVIRONMENTS)[keyof typeof ENVIRONMENTS]

export interface Service {
  /** For errors: `transfer`. */
  readonly name: string
  /** Whose tokens it takes. */
  readonly resourceServer: string
  /** Where it is. Asked anew for each call. */
  readonly baseUrl: () => URL
}

export function serviceOf(id: ServiceId): Service {
  return { name: id.toLowerCase(), resourceServer: RESOURCE_SERVERS[id], baseUrl: () => baseUrlOf(id) }
}

/** From `GLOBUS_SDK_ENVIRONMENT`, for people who test against preview; production otherwise. */
export function environment(): Environment {
  const name = process.env['GLOBUS_SDK_ENVIRONMENT'] || 'production'
  const known = Object.values(ENVIRONMENTS).find((value) => value === name)
  if (known === undefined)
    throw new TypeError(`GLOBUS_SDK_ENVIRONMENT is ${JSON.stringify(name)}, which does not exist.`)
  return known
}

/**
 * Where a service is: `GLOBUS_SDK_SERVICE_URL_…`, else its host. Read anew at each call, as the SDK does. The SDK itself
 * drops a path from the variable, and stops reading it once any code defines a global `window`.
 */
export function baseUrlOf(id: ServiceId): URL {
  const variable = `GLOBUS_SDK_SERVICE_URL_${id}`
  const text = process.env[variable] || `https://${getServiceHost(id, environment())}`
  const base = URL.canParse(text) ? new URL(text) : undefined
  const isWeb = base?.protocol === 'https:' || base?.protocol === 'http:'
  if (!base || !isWeb || base.username || base.password || base.search || base.hash)
    throw new TypeError(`${variable} must be an https address without user, query and fragment.`)
  if (base.protocol === 'http:' && !isLoopback(base.hostname))
    throw new TypeError(`${variable} must be https: tokens would cross the network in the clear.`)
  return base
}

export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d+){3}$/.test(hostname)
  )
}
