import type { World } from '../world.ts'
import type { Identity } from '../world/identities.ts'
import type { Policy } from '../world/policies.ts'
import type { Authentication } from '../world/sessions.ts'

/** Who is logged in, and how: what policies and session requirements look at. */
export interface Logins {
  /** The primary identity. */
  readonly account: string
  readonly authentications: readonly Authentication[]
}

/** What else an evaluation depends on. */
export interface Evaluation {
  readonly world: World
  readonly now: number
  /** Whether a login counts as if a second factor had been used: to find out whether that alone is missing. */
  readonly assumeMfa?: boolean
}

/**
 * Whether logins meet a policy. A high-assurance policy wants a login of this session, with an identity of its domains, not longer ago than
 * its timeout, with a second factor if it says so. Any other policy is met by an identity of the account, logged in or not.
 */
export function meetsPolicy(policy: Policy, logins: Logins, { world, now, assumeMfa = false }: Evaluation): boolean {
  if (!policy.highAssurance) {
    return world.identities.account(logins.account).some((identity) => fitsDomains(identity, policy))
  }
  const { authenticationAssuranceTimeout: timeout, requiredMfa } = policy
  return logins.authentications.some(({ identity, authTime, mfa }) => {
    const found = world.identities.find(identity)
    const recent = timeout === null || authTime >= now - timeout * 1000
    return found !== undefined && fitsDomains(found, policy) && recent && (mfa || assumeMfa || !requiredMfa)
  })
}

/** Whether an identity could meet the policy by logging in. */
export function fitsDomains(identity: Identity, policy: Pick<Policy, 'domainsInclude' | 'domainsExclude'>): boolean {
  const domain = domainOf(identity)
  if (policy.domainsExclude?.includes(domain) === true) return false
  return policy.domainsInclude === null || policy.domainsInclude.includes(domain)
}

export const domainOf = ({ username }: Pick<Identity, 'username'>): string =>
  username.slice(username.lastIndexOf('@') + 1)
