import type { GroupRole, MembershipStatus } from '../world/memberships.ts'
import type { PolicyChanges } from '../groups/policies.ts'
import type { PrincipalType } from '../world/access-rules.ts'
import type { RoleName } from '../world/collection-roles.ts'
import type { EntityType } from '../world/collections.ts'
import type { IndexRole } from '../world/search-indexes.ts'

type Text = string | null | undefined

/** A group with its members; names as the Groups API has them. */
export interface SeedGroup {
  readonly id: string
  readonly name: string
  readonly description?: Text
  readonly terms_and_conditions?: Text
  /** A group that stands before it in the seed, or exists. */
  readonly parent_id?: Text
  readonly subscription_id?: Text
  readonly subscription_info?: Readonly<Record<string, unknown>> | null | undefined
  readonly subscription_admin_verified_id?: Text
  readonly policies?: PolicyChanges | undefined
  readonly memberships?: readonly SeedMembership[] | undefined
}

/** Who is in a group, as a seed has it. */
export interface SeedMembership {
  readonly identity_id: string
  /** Default `member`. */
  readonly role?: GroupRole | undefined
  /** Default `active`. */
  readonly status?: MembershipStatus | undefined
  readonly membership_fields?: Readonly<Record<string, string | null>> | null | undefined
}

/** A search index with what is in it; names as the Search API has them. */
export interface SeedSearchIndex {
  readonly id: string
  readonly display_name: string
  readonly description: string
  /** Without one it is a trial index. */
  readonly subscription_id?: Text
  readonly roles?: readonly { readonly role_name: IndexRole; readonly principal: string }[] | undefined
  readonly entries?: readonly SeedEntry[] | undefined
}

/** An entry of a search index, as a seed has it. */
export interface SeedEntry {
  readonly subject: string
  readonly id?: string | null | undefined
  readonly visible_to: readonly string[]
  readonly principal_sets?: Readonly<Record<string, readonly string[]>> | undefined
  readonly content: Readonly<Record<string, unknown>>
}

/** A collection and who may use it; further keys are those of Transfer's endpoint document. */
export interface SeedCollection {
  readonly id: string
  readonly owner: string
  readonly display_name: string
  readonly entity_type: EntityType
  /** The directory: a name below `--data`, or an absolute path. */
  readonly folder: string | null
  readonly access_rules?: readonly SeedAccessRule[] | undefined
  readonly roles?: readonly SeedCollectionRole[] | undefined
  readonly [key: string]: unknown
}

/** Who may do what in a folder of a guest collection, as a seed has it. */
export interface SeedAccessRule {
  readonly id: string
  readonly principal_type: PrincipalType
  readonly principal?: string | undefined
  readonly path: string
  readonly permissions: 'r' | 'rw'
  readonly expiration_date?: Text
}

/** Who manages a collection, as a seed has it. */
export interface SeedCollectionRole {
  readonly id: string
  readonly principal_type: 'identity' | 'group'
  readonly principal: string
  readonly role: RoleName
}

export interface ServiceSeeds {
  readonly groups?: readonly SeedGroup[] | undefined
  readonly search_indexes?: readonly SeedSearchIndex[] | undefined
  readonly collections?: readonly SeedCollection[] | undefined
}
