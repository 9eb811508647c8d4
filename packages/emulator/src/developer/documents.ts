import { identityDocument } from '../auth/api/identity-document.ts'
import { timestamp } from '../auth/api/timestamp.ts'
import type { World } from '../world.ts'
import { isPublic, type Client, type Credential } from '../world/clients.ts'
import type { Policy } from '../world/policies.ts'
import type { Project } from '../world/projects.ts'
import type { Scope } from '../world/scopes.ts'

/** A project as the API shows it; the names of groups are not known here. */
export function projectDocument(project: Project, { identities }: World): object {
  const admins = project.adminIds.flatMap((id) => identities.find(id) ?? [])
  return {
    id: project.id,
    display_name: project.displayName,
    project_name: project.displayName,
    contact_email: project.contactEmail,
    admin_ids: project.adminIds.length === 0 ? null : project.adminIds,
    admin_group_ids: project.adminGroupIds.length === 0 ? null : project.adminGroupIds,
    admins: { identities: admins.map(identityDocument), groups: project.adminGroupIds.map((id) => ({ id })) },
  }
}

export function clientDocument(client: Client, { scopes }: World): object {
  return {
    id: client.id,
    name: client.name,
    project: client.project,
    client_type: client.clientType,
    public_client: isPublic(client),
    grant_types: grantTypesOf(client),
    redirect_uris: client.redirectUris,
    scopes: scopes.ownedBy(client.id).map(({ id }) => id),
    fqdns: client.fqdns,
    links: { privacy_policy: client.privacyPolicy, terms_and_conditions: client.termsAndConditions },
    required_idp: client.requiredIdp,
    preselect_idp: client.preselectIdp,
    parent_client: client.parentClient,
    visibility: client.visibility,
    prompt_for_named_grant: client.promptForNamedGrant,
    userinfo_from_effective_identity: true,
  }
}

const CODE = ['authorization_code', 'refresh_token'] as const
const DEPENDENT = 'urn:globus:auth:grant_type:dependent_token'

function grantTypesOf(client: Client): readonly string[] {
  if (isPublic(client)) return CODE
  if (client.parentClient !== null) return ['authorization_code', 'client_credentials', 'refresh_token']
  if (client.clientType === 'client_identity') return ['client_credentials']
  if (client.clientType === 'resource_server') return ['client_credentials', 'refresh_token', DEPENDENT]
  return ['authorization_code', 'client_credentials', 'refresh_token', DEPENDENT]
}

/** A credential; its secret only where it was just made. */
export const credentialDocument = (credential: Credential, secret: string | null): object => ({
  id: credential.id,
  name: credential.name,
  client: credential.client,
  created: timestamp(credential.createdAt),
  secret,
})

export function scopeDocument(scope: Scope, { scopes }: World): object {
  return {
    id: scope.id,
    scope_string: scope.scopeString,
    client: scope.client,
    name: scope.name ?? scope.description,
    description: scope.description,
    advertised: scope.advertised,
    allows_refresh_token: scope.allowsRefreshToken,
    required_domains: scope.requiredDomains,
    dependent_scopes: scope.dependentScopes.flatMap((dependent) => {
      const found = scopes.find(dependent.scope)
      const { optional, requiresRefreshToken = false } = dependent
      return found === undefined ? [] : [{ scope: found.id, optional, requires_refresh_token: requiresRefreshToken }]
    }),
  }
}

export const policyDocument = (policy: Policy): object => ({
  id: policy.id,
  project_id: policy.project,
  display_name: policy.displayName,
  description: policy.description,
  high_assurance: policy.highAssurance,
  required_mfa: policy.requiredMfa,
  authentication_assurance_timeout: policy.authenticationAssuranceTimeout,
  domain_constraints_include: policy.domainsInclude,
  domain_constraints_exclude: policy.domainsExclude,
})
