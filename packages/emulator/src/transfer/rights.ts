import type { EmulatorContext } from '../context.ts'
import type { AccessRule } from '../world/access-rules.ts'
import type { Collection } from '../world/collections.ts'
import { roleNames, type RoleName } from '../world/collection-roles.ts'
import type { Account } from './account.ts'

export type Permission = 'none' | 'r' | 'rw'

/** What somebody may do in a collection. */
export interface Rights {
  /** Why the storage would not let the person in at all. */
  readonly refused: 'domain' | 'owner' | null
  /** What is allowed at a path and below it. */
  at(path: string): Permission
  /** Whether something is allowed somewhere below the path. */
  leadsTo(path: string): boolean
}

type Worlds = Pick<EmulatorContext, 'world' | 'clock'>

/** On a guest collection rules and roles decide, on others having an account on the storage. */
export function rightsOf(collection: Collection, account: Account, context: Worlds): Rights {
  if (!isGuest(collection)) return storageRights(collection, account)
  if (managesAccess(collection, account, context)) return { refused: null, at: () => 'rw', leadsTo: () => true }
  return rightsByRules(rulesFor(collection, account, context))
}

/** What somebody may do without a login: what rules for `anonymous` give, on guest collections alone. */
export function anonymousRights(collection: Collection, { world, clock }: Worlds): Rights {
  const rules = isGuest(collection) ? world.accessRules.list(collection.id, clock.now()) : []
  return rightsByRules(rules.filter(({ principalType }) => principalType === 'anonymous'))
}

const rightsByRules = (rules: readonly AccessRule[]): Rights => ({
  refused: null,
  at: (path) => strongest(rules.filter((rule) => slashed(path).startsWith(rule.path))),
  leadsTo: (path) => rules.some((rule) => rule.path.startsWith(slashed(path))),
})

/** The roles that somebody has on a collection; owning it makes an administrator. */
export function rolesOf(
  collection: Collection,
  account: Account,
  { world }: Pick<EmulatorContext, 'world'>,
): readonly RoleName[] {
  const held = new Set<RoleName>(account.identities.includes(collection.owner) ? ['administrator'] : [])
  for (const { principal, role } of world.collectionRoles.list(collection.id)) {
    if (account.identities.includes(principal) || account.groups.has(principal)) held.add(role)
  }
  return roleNames.filter((name) => held.has(name))
}

/** Whether somebody knows of a collection: it is public, or there is a right to it. */
export function isVisible(collection: Collection, account: Account, context: Worlds): boolean {
  if (collection.public || rolesOf(collection, account, context).length > 0) return true
  return isGuest(collection) && rulesFor(collection, account, context).length > 0
}

export function managesAccess(collection: Collection, account: Account, context: Worlds): boolean {
  const roles = rolesOf(collection, account, context)
  return roles.includes('administrator') || roles.includes('access_manager')
}

export const isGuest = ({ entityType }: Pick<Collection, 'entityType'>): boolean =>
  entityType.endsWith('_guest_collection')

/** The rules in force that name the person, a group of theirs, or everybody. */
export function rulesFor(collection: Collection, account: Account, { world, clock }: Worlds): readonly AccessRule[] {
  return world.accessRules.list(collection.id, clock.now()).filter(({ principalType, principal }) => {
    if (principalType === 'identity') return account.identities.includes(principal)
    return principalType === 'group' ? account.groups.has(principal) : true
  })
}

function storageRights(collection: Collection, account: Account): Rights {
  const owns = account.identities.includes(collection.owner)
  const personal = collection.entityType === 'GCP_mapped_collection'
  const foreign = collection.domain !== null && !account.domains.has(collection.domain)
  const refused = personal && !owns ? 'owner' : foreign ? 'domain' : null
  return { refused, at: () => (refused === null ? 'rw' : 'none'), leadsTo: () => refused === null }
}

const strongest = (rules: readonly AccessRule[]): Permission =>
  rules.some(({ permissions }) => permissions === 'rw') ? 'rw' : rules.length > 0 ? 'r' : 'none'

const slashed = (path: string): string => (path.endsWith('/') ? path : `${path}/`)
