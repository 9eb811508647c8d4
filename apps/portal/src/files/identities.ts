import type { AuthorizationRequirementsError, GlobusClaims } from 'pierhead'
import { identitiesOf, isOfDomain } from '../access/identities.ts'

/** Whether a service wants an identity of a domain where the person, as far as we know, has none. */
export function lacksIdentity(
  claims: GlobusClaims,
  { sessionRequiredSingleDomain: domains }: Pick<AuthorizationRequirementsError, 'sessionRequiredSingleDomain'>,
): boolean {
  const wanted = domains.map((domain) => domain.toLowerCase())
  return wanted.length > 0 && !isOfDomain(identitiesOf(claims), wanted)
}
