/**
 * Who logged in, from the ID token and UserInfo. The identity is `iss` and `sub`; everything else is for display: names and
 * e-mail addresses change hands. Globus does not verify e-mail addresses. Every claim but two may be absent or null.
 */
export interface GlobusClaims {
  readonly iss: string
  /** UUID of the effective identity at Globus. */
  readonly sub: string
  readonly name?: string | null
  readonly preferred_username?: string | null
  readonly email?: string | null
  readonly organization?: string | null
  readonly identity_provider?: string | null
  readonly identity_provider_display_name?: string | null
  /** Epoch seconds of the last login at the identity provider. */
  readonly last_authentication?: number | null
  /** Linked identities, when the scope for them was granted. */
  readonly identity_set?: readonly LinkedIdentity[]
  readonly [claim: string]: unknown
}

/** Another identity of the same person, as Globus has linked them. Every field but `sub` may be absent. */
export interface LinkedIdentity {
  readonly sub: string
  readonly username?: string | null
  readonly name?: string | null
  readonly email?: string | null
  readonly organization?: string | null
  readonly identity_provider?: string | null
  readonly identity_provider_display_name?: string | null
  readonly last_authentication?: number | null
}

/** Claims about the token, not about the person. */
const protocolClaims = new Set([
  'aud',
  'azp',
  'exp',
  'iat',
  'nbf',
  'nonce',
  'at_hash',
  'c_hash',
  'auth_time',
  'jti',
  'sid',
])
const displayClaims = ['name', 'preferred_username', 'email', 'organization', 'identity_provider_display_name'] as const

/** UserInfo wins over the ID token, except for `iss` and `sub`. A display claim of a wrong type is left out. */
export function mergeClaims(
  identity: { iss: string; sub: string },
  ...sources: readonly Record<string, unknown>[]
): GlobusClaims {
  const merged = new Map<string, unknown>()
  for (const source of sources) {
    for (const [name, value] of Object.entries(source)) if (!protocolClaims.has(name)) merged.set(name, value)
  }
  for (const name of displayClaims) if (!isText(merged.get(name))) merged.delete(name)
  if (!Array.isArray(merged.get('identity_set'))) merged.delete('identity_set')
  return { ...Object.fromEntries(merged), iss: identity.iss, sub: identity.sub }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || value === null
}
