import type { Introspection } from '../oauth/introspection.ts'

/** One login of the session at Globus. */
export interface Authentication {
  /** UUID of the identity. */
  readonly identity: string
  /** In lower case; empty when Globus did not say. */
  readonly username: string
  /** Epoch seconds. */
  readonly time: number
  /** Undefined: the identity provider does not say how the person logged in. */
  readonly secondFactor: boolean | undefined
}

const maximum = 100
/** <https://refeds.org/profile/mfa> */
const mfaProfile = 'https://refeds.org/profile/mfa'

/** The logins in `session_info` (Globus's addition to RFC 7662). One without a time does not count. */
export function readAuthentications(introspection: Introspection): Authentication[] {
  if (!introspection.active) return []
  const usernames = readUsernames(introspection['identity_set_detail'])
  const info = asObject(introspection['session_info'])
  return Object.entries(asObject(info['authentications']))
    .slice(0, maximum)
    .flatMap(([identity, value]): Authentication[] => {
      const { auth_time: time, amr, acr } = asObject(value)
      if (typeof time !== 'number') return []
      return [{ identity, username: usernames.get(identity) ?? '', time, secondFactor: readFactor(amr, acr) }]
    })
}

/** `amr` (RFC 8176) is a list, or null; so is `acr` in practice. */
function readFactor(amr: unknown, acr: unknown): boolean | undefined {
  const methods: readonly unknown[] = Array.isArray(amr) ? amr : [amr]
  const contexts: readonly unknown[] = Array.isArray(acr) ? acr : [acr]
  if (methods.includes('mfa') || contexts.includes(mfaProfile)) return true
  return [...methods, ...contexts].some((value) => typeof value === 'string' && value !== '') ? false : undefined
}

/** Sources disagree on whether the key is `id` or `sub`. */
function readUsernames(details: unknown): Map<string, string> {
  const list: readonly unknown[] = Array.isArray(details) ? details.slice(0, maximum) : []
  return new Map(
    list.flatMap((entry): [string, string][] => {
      const { id, sub, username } = asObject(entry)
      const key = typeof id === 'string' ? id : sub
      return typeof key === 'string' && typeof username === 'string' ? [[key, username.toLowerCase()]] : []
    }),
  )
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
