import type { AuthorizationRequirementsError, GlobusClaims } from 'pierhead'

/** Whether a service wants an identity of a domain where the person, as far as we know, has none. */
export function lacksIdentity(
  { identity_set: identities = [], preferred_username: username }: GlobusClaims,
  { sessionRequiredSingleDomain: domains }: Pick<AuthorizationRequirementsError, 'sessionRequiredSingleDomain'>,
): boolean {
  const own = [username, ...identities.map((identity) => identity.username)].map((name) => name?.split('@').at(-1))
  return domains.length > 0 && !own.some((domain) => domain !== undefined && domains.includes(domain))
}
