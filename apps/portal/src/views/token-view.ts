import type { TokenInfo } from 'pierhead'

/** A token as pages show it: nothing of the token itself. */
export interface TokenView {
  readonly resourceServer: string
  /** What people call the service; undefined when nobody told us. */
  readonly service: string | undefined
  readonly scopes: readonly string[]
  /** Epoch milliseconds. */
  readonly expiresAt: number | undefined
  readonly renewable: boolean
}

/** Whose token came with the identity: it ends with the session only. */
export const identityServer = 'auth.globus.org'

/** Resource servers as Globus names them, and as Globus calls them in its own pages. */
const services: Readonly<Record<string, string>> = {
  'auth.globus.org': 'Globus Auth',
  'transfer.api.globus.org': 'Globus Transfer',
  'groups.api.globus.org': 'Globus Groups',
  'search.api.globus.org': 'Globus Search',
}

export function tokenView({ resourceServer, scopes, expiresAt, hasRefreshToken }: TokenInfo): TokenView {
  return {
    resourceServer,
    service: Object.hasOwn(services, resourceServer) ? services[resourceServer] : undefined,
    scopes,
    expiresAt: expiresAt === undefined ? undefined : expiresAt * 1000,
    renewable: hasRefreshToken,
  }
}
