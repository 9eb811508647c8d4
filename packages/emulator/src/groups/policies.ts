import * as z from 'zod'
import { ok, type ServiceReply } from '../services/service-route.ts'
import type { GroupPolicies } from '../world/groups.ts'
import { readDocument, type GroupsCall } from './call.ts'
import { policiesDocument } from './documents.ts'
import { requireGroup, requireRole } from './standing.ts'

/** What a person may tell a group, and a group may ask for. */
export const signupFields = [
  'institution',
  'current_project_name',
  'address',
  'city',
  'state',
  'country',
  'address1',
  'address2',
  'zip',
  'phone',
  'department',
  'field_of_science',
] as const

/** Policies of a request; what is missing or null stays. */
export interface PolicyChanges {
  readonly is_high_assurance?: boolean | null | undefined
  readonly authentication_assurance_timeout?: number | null | undefined
  readonly group_visibility?: GroupPolicies['visibility'] | null | undefined
  readonly group_members_visibility?: GroupPolicies['membersVisibility'] | null | undefined
  readonly join_requests?: boolean | null | undefined
  readonly signup_fields?: readonly string[] | null | undefined
}

export const policyChanges: z.ZodType<PolicyChanges> = z.object({
  is_high_assurance: z.boolean().nullish(),
  authentication_assurance_timeout: z.int().min(1).max(31_536_000).nullish(),
  group_visibility: z.enum(['authenticated', 'private']).nullish(),
  group_members_visibility: z.enum(['members', 'managers']).nullish(),
  join_requests: z.boolean().nullish(),
  signup_fields: z.array(z.enum(signupFields)).nullish(),
})

/** How long a login counts for a high-assurance group that does not say, in seconds. */
const DEFAULT_TIMEOUT = 28_800

export const defaultPolicies: GroupPolicies = {
  highAssurance: false,
  timeout: null,
  visibility: 'private',
  membersVisibility: 'managers',
  joinRequests: false,
  signupFields: [],
}

export function changedPolicies(before: GroupPolicies, changes: PolicyChanges): GroupPolicies {
  const highAssurance = changes.is_high_assurance ?? before.highAssurance
  const timeout = changes.authentication_assurance_timeout ?? before.timeout
  return {
    highAssurance,
    timeout: timeout ?? (highAssurance ? DEFAULT_TIMEOUT : null),
    visibility: changes.group_visibility ?? before.visibility,
    membersVisibility: changes.group_members_visibility ?? before.membersVisibility,
    joinRequests: changes.join_requests ?? before.joinRequests,
    signupFields: changes.signup_fields ?? before.signupFields,
  }
}

/** `GET /v2/groups/ID/policies` */
export const getPolicies = (call: GroupsCall): ServiceReply => ok(policiesDocument(requireGroup(call).group.policies))

/** `PUT /v2/groups/ID/policies` */
export async function updatePolicies(call: GroupsCall): Promise<ServiceReply> {
  const changes = await readDocument(call, policyChanges)
  const { group } = requireRole(call, 'admin')
  const policies = changedPolicies(group.policies, changes)
  call.context.world.groups.put({ ...group, policies })
  return ok(policiesDocument(policies))
}
