import type { Identity, IdentityProvider } from '../../world/identities.ts'

/** An identity as the API shows it. Of one that nobody has used only the username is known. */
export function identityDocument(identity: Identity): object {
  const known = identity.status !== 'unused'
  return {
    id: identity.id,
    username: identity.username,
    name: known ? identity.name : null,
    email: known ? identity.email : null,
    organization: known ? identity.organization : null,
    identity_provider: identity.identityProvider,
    identity_type: identity.identityType,
    status: identity.status,
  }
}

export const providerDocument = (provider: IdentityProvider): object => ({
  id: provider.id,
  name: provider.name,
  short_name: provider.shortName,
  alternative_names: [],
  domains: provider.domains,
})
