import { globusScopes } from '../auth/scope-table.ts'
import type { Seed } from '../seed.ts'
import { policiesDocument } from '../groups/documents.ts'
import type { World } from '../world.ts'
import { CLIENT_IDENTITY_PROVIDER } from '../world/identities.ts'
import { snakeNames } from './names.ts'

/** What an export contains. */
export interface ExportOptions {
  /** Whether passwords and client secrets are written too. Default false: they are made anew. */
  readonly secrets?: boolean
}

/**
 * Writes a world as a seed that makes the same one again, without the demo world. Logins, tokens, consents, tasks, bookmarks, mails and
 * files are no part of it.
 */
export function exportSeed(world: World, options: ExportOptions = {}): Seed {
  const document = {
    demo: false,
    identity_providers: providers(world),
    identities: identities(world, options),
    projects: world.projects.all().map(({ adminGroupIds, ...project }) => ({
      ...snakeNames(project),
      ...(adminGroupIds.length === 0 ? {} : { admin_group_ids: adminGroupIds }),
    })),
    clients: clients(world, options),
    scopes: scopes(world),
    policies: world.projects.all().flatMap(({ id }) => world.policies.inProject(id).map(policy)),
    groups: groups(world),
    search_indexes: searchIndexes(world),
    collections: collections(world),
  }
  // Made of the keys of the seed's schema, which the test of the way back checks.
  return document as unknown as Seed
}

const providers = (world: World): object[] =>
  world.identities
    .providers()
    .filter(({ id }) => id !== CLIENT_IDENTITY_PROVIDER)
    .map(snakeNames)

/** Primary identities first: others are linked to them. */
function identities(world: World, { secrets = false }: ExportOptions): object[] {
  const all = world.identities.all().filter(({ identityProvider }) => identityProvider !== CLIENT_IDENTITY_PROVIDER)
  const isLinked = ({ id, primaryIdentity }: (typeof all)[number]): boolean => id !== primaryIdentity
  return [...all.filter((one) => !isLinked(one)), ...all.filter(isLinked)].map((one) => ({
    id: one.id,
    username: one.username,
    name: one.name,
    email: one.email,
    organization: one.organization,
    ...(isLinked(one) ? { linked_to: one.primaryIdentity } : {}),
    ...(one.mfa ? { mfa: true } : {}),
    ...(secrets && one.password !== null ? { password: one.password } : {}),
  }))
}

/** Instances of templates and the clients of collections make themselves. */
function clients(world: World, { secrets = false }: ExportOptions): object[] {
  const own = world.clients
    .all()
    .filter(({ id, parentClient }) => parentClient === null && world.collections.find(id) === undefined)
  return own.map((one) => {
    const secret = world.clients.secrets(one.id).at(-1)
    return {
      id: one.id,
      name: one.name,
      client_type: one.clientType,
      redirect_uris: one.redirectUris,
      ...(one.privacyPolicy === null ? {} : { privacy_policy: one.privacyPolicy }),
      ...(one.termsAndConditions === null ? {} : { terms_and_conditions: one.termsAndConditions }),
      ...(one.project === null ? {} : { project: one.project }),
      ...(secrets && secret !== undefined ? { client_secret: secret } : {}),
    }
  })
}

/** What neither Globus nor a collection brings by itself. */
function scopes(world: World): object[] {
  const given = new Set(globusScopes.map(({ scopeString }) => scopeString))
  const own = world.clients.all().filter(({ id }) => world.collections.find(id) === undefined)
  return own
    .flatMap(({ id }) => world.scopes.ownedBy(id))
    .filter(({ scopeString }) => !given.has(scopeString))
    .map(({ id, scopeString, client, description, dependentScopes }) => ({
      id,
      scope_string: scopeString,
      client,
      description,
      dependent_scopes: dependentScopes,
    }))
}

type Policy = ReturnType<World['policies']['inProject']>[number]

const policy = (one: Policy): object => ({
  id: one.id,
  project_id: one.project,
  display_name: one.displayName,
  description: one.description,
  high_assurance: one.highAssurance,
  required_mfa: one.requiredMfa,
  ...(one.authenticationAssuranceTimeout === null
    ? {}
    : { authentication_assurance_timeout: one.authenticationAssuranceTimeout }),
  ...(one.domainsInclude === null ? {} : { domain_constraints_include: one.domainsInclude }),
  ...(one.domainsExclude === null ? {} : { domain_constraints_exclude: one.domainsExclude }),
})

/** Groups above others come first, as they were made first. */
const groups = (world: World): object[] =>
  world.groups.all().map((group) => ({
    id: group.id,
    name: group.name,
    description: group.description,
    terms_and_conditions: group.termsAndConditions,
    parent_id: group.parent,
    subscription_id: group.subscriptionId,
    subscription_info: group.subscriptionInfo,
    subscription_admin_verified_id: group.verifiedSubscription,
    policies: policiesDocument(group.policies),
    memberships: world.memberships.ofGroup(group.id).map(({ identity, role, status }) => ({
      identity_id: identity,
      role,
      status,
      membership_fields: world.memberships.fields(group.id, identity),
    })),
  }))

const searchIndexes = (world: World): object[] =>
  world.searchIndexes
    .all()
    .filter(({ status }) => status === 'open')
    .map((index) => ({
      id: index.id,
      display_name: index.displayName,
      description: index.description,
      subscription_id: index.subscriptionId,
      roles: world.searchIndexes.roles(index.id).map(({ role, principal }) => ({ role_name: role, principal })),
      entries: world.searchEntries.ofIndex(index.id).map((entry) => ({
        subject: entry.subject,
        id: entry.id,
        visible_to: entry.visibleTo,
        principal_sets: entry.principalSets,
        content: entry.content,
      })),
    }))

const collections = (world: World): object[] =>
  world.collections
    .all()
    .filter(({ deletedAt }) => deletedAt === null)
    .map((collection) => ({
      ...snakeNames({ ...collection, deletedAt: undefined }),
      access_rules: world.accessRules.list(collection.id, 0).map((rule) => ({
        id: rule.id,
        principal_type: rule.principalType,
        principal: rule.principal,
        path: rule.path,
        permissions: rule.permissions,
        expiration_date: rule.expiresAt === null ? null : new Date(rule.expiresAt).toISOString(),
      })),
      roles: world.collectionRoles.list(collection.id).map(({ id, principalType, principal, role }) => ({
        id,
        principal_type: principalType,
        principal,
        role,
      })),
    }))
