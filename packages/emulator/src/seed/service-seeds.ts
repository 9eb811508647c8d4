import * as z from 'zod'
import { signupFields } from '../groups/policies.ts'
import { principalTypes } from '../world/access-rules.ts'
import { roleNames } from '../world/collection-roles.ts'
import { entityTypes } from '../world/collections.ts'
import { groupRoles, membershipStatuses } from '../world/memberships.ts'
import { indexRoles } from '../world/search-indexes.ts'
import type { SeedCollection, SeedGroup, SeedSearchIndex } from './service-seed-types.ts'

const id = z.guid()
const text = z.string().nullish()
const time = z.iso.datetime().nullish()

/** A group with its members; names as the Groups API has them. */
export const seedGroup: z.ZodType<SeedGroup> = z.strictObject({
  id,
  name: z.string().min(1),
  description: text,
  terms_and_conditions: text,
  parent_id: id.nullish(),
  subscription_id: id.nullish(),
  subscription_info: z.record(z.string(), z.unknown()).nullish(),
  subscription_admin_verified_id: id.nullish(),
  policies: z
    .strictObject({
      is_high_assurance: z.boolean().nullish(),
      authentication_assurance_timeout: z.int().min(1).nullish(),
      group_visibility: z.enum(['authenticated', 'private']).nullish(),
      group_members_visibility: z.enum(['members', 'managers']).nullish(),
      join_requests: z.boolean().nullish(),
      signup_fields: z.array(z.enum(signupFields)).nullish(),
    })
    .optional(),
  memberships: z
    .array(
      z.strictObject({
        identity_id: id,
        role: z.enum(groupRoles).optional(),
        status: z.enum(membershipStatuses).optional(),
        membership_fields: z.record(z.string(), z.string().nullable()).nullish(),
      }),
    )
    .optional(),
})

/** A search index with what is in it; names as the Search API has them. */
export const seedSearchIndex: z.ZodType<SeedSearchIndex> = z.strictObject({
  id,
  display_name: z.string().min(1),
  description: z.string(),
  subscription_id: id.nullish(),
  roles: z.array(z.strictObject({ role_name: z.enum(indexRoles), principal: z.string() })).optional(),
  entries: z
    .array(
      z.strictObject({
        subject: z.string().min(1),
        id: z.string().min(1).nullish(),
        visible_to: z.array(z.string()).min(1),
        principal_sets: z.record(z.string(), z.array(z.string())).optional(),
        content: z.record(z.string(), z.unknown()),
      }),
    )
    .optional(),
})

const path = z.string().regex(/^\/(.*\/)?$/, 'must begin and end with a slash')

/** A collection, who may use it, and the directory below `--data` that it is. What is in the directory is no part of a seed. */
export const seedCollection: z.ZodType<SeedCollection> = z.strictObject({
  id,
  owner: id,
  display_name: z.string().min(1),
  entity_type: z.enum(entityTypes),
  folder: z.string().nullable(),
  base: path.optional(),
  description: text,
  organization: text,
  department: text,
  keywords: text,
  contact_email: text,
  info_link: text,
  default_directory: text,
  public: z.boolean().optional(),
  host: z.strictObject({ id, path: z.string() }).nullish(),
  domain: text,
  high_assurance: z.boolean().optional(),
  authentication_timeout_mins: z.number().nullish(),
  force_verify: z.boolean().optional(),
  disable_verify: z.boolean().optional(),
  allow_guest_collections: z.boolean().optional(),
  subscription_id: text,
  subscription_admin_verified: z.boolean().optional(),
  online: z.boolean().optional(),
  read_only: z.boolean().optional(),
  full: z.boolean().optional(),
  bytes_per_second: z.number().min(1).nullish(),
  quota_bytes: z.number().min(0).nullish(),
  https: z.boolean().optional(),
  access_rules: z
    .array(
      z.strictObject({
        id,
        principal_type: z.enum(principalTypes),
        principal: z.string().optional(),
        path,
        permissions: z.enum(['r', 'rw']),
        expiration_date: time,
      }),
    )
    .optional(),
  roles: z
    .array(
      z.strictObject({
        id,
        principal_type: z.enum(['identity', 'group']),
        principal: id,
        role: z.enum(roleNames),
      }),
    )
    .optional(),
})
