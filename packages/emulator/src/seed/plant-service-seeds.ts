import { changedPolicies, defaultPolicies } from '../groups/policies.ts'
import type { SeedTools } from '../seed.ts'
import { plainCollection, registerScopes } from '../transfer/plant-collections.ts'
import type { CollectionDocument } from '../world/collections.ts'
import type { SeedCollection, SeedGroup, SeedSearchIndex, ServiceSeeds } from './service-seed-types.ts'
import { camelNames } from './names.ts'

/** Puts groups, search indexes and collections of a seed into the world. @throws TypeError for references to nothing */
export function plantServiceSeeds(seed: ServiceSeeds, tools: SeedTools): void {
  for (const group of seed.groups ?? []) plantGroup(group, tools)
  for (const index of seed.search_indexes ?? []) plantIndex(index, tools)
  for (const collection of seed.collections ?? []) plantCollection(collection, tools)
}

function plantGroup(seed: SeedGroup, { world, clock }: SeedTools): void {
  const now = clock.now()
  const what = `Group ${seed.name}`
  if (typeof seed.parent_id === 'string' && world.groups.find(seed.parent_id) === undefined)
    throw new TypeError(`${what}: parent_id ${seed.parent_id} does not exist`)
  world.groups.put({
    id: seed.id,
    name: seed.name,
    description: seed.description ?? null,
    termsAndConditions: seed.terms_and_conditions ?? null,
    parent: seed.parent_id ?? null,
    policies: changedPolicies(defaultPolicies, seed.policies ?? {}),
    subscriptionId: seed.subscription_id ?? null,
    subscriptionInfo: seed.subscription_info ?? null,
    verifiedSubscription: seed.subscription_admin_verified_id ?? null,
    createdAt: now,
  })
  for (const {
    identity_id: identity,
    role = 'member',
    status = 'active',
    membership_fields: fields,
  } of seed.memberships ?? []) {
    requireIdentity(identity, what, world)
    const rest = { statusReason: null, inviteEmailAddress: null, invitedAt: null, updatedAt: now }
    world.memberships.put({ ...rest, group: seed.id, identity, role, status })
    if (fields) world.memberships.putFields(seed.id, identity, fields)
  }
}

function plantIndex(seed: SeedSearchIndex, { world, clock }: SeedTools): void {
  const now = clock.now()
  world.searchIndexes.put({
    id: seed.id,
    displayName: seed.display_name,
    description: seed.description,
    status: 'open',
    subscriptionId: seed.subscription_id ?? null,
    createdAt: now,
    modifiedAt: now,
  })
  for (const [number, { role_name: role, principal }] of (seed.roles ?? []).entries()) {
    const id = Buffer.from(`${seed.id.slice(0, 8)}-${number}`).toString('base64url')
    world.searchIndexes.addRole({ id, index: seed.id, role, principal, createdAt: now })
  }
  for (const {
    subject,
    id = null,
    visible_to: visibleTo,
    principal_sets: principalSets = {},
    content,
  } of seed.entries ?? []) {
    world.searchEntries.put({ index: seed.id, subject, id, visibleTo, principalSets, content })
  }
}

function plantCollection(seed: SeedCollection, { world, clock }: SeedTools): void {
  const { id, owner, access_rules: rules = [], roles = [], ...about } = seed
  requireIdentity(owner, `Collection ${seed.display_name}`, world)
  // The names of the schema are those of the document, with underscores; null and absent mean the same.
  const given = camelNames(about) as Partial<CollectionDocument> &
    Pick<CollectionDocument, 'displayName' | 'entityType' | 'folder'>
  const collection = { ...plainCollection, ...given, id, owner }
  world.collections.put(collection)
  registerScopes(collection, world)
  for (const rule of rules) {
    world.accessRules.add({
      id: rule.id,
      collection: id,
      principalType: rule.principal_type,
      principal: rule.principal ?? '',
      path: rule.path,
      permissions: rule.permissions,
      createdAt: clock.now(),
      expiresAt: rule.expiration_date ? Date.parse(rule.expiration_date) : null,
    })
  }
  for (const { id: role, principal_type: principalType, ...rest } of roles) {
    world.collectionRoles.add({ ...rest, id: role, collection: id, principalType })
  }
}

function requireIdentity(id: string, what: string, { identities }: SeedTools['world']): void {
  if (identities.find(id) === undefined) throw new TypeError(`${what}: identity ${id} does not exist`)
}
