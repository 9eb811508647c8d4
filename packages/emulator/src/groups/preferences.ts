import * as z from 'zod'
import { ok, type ServiceReply } from '../services/service-route.ts'
import { id, readDocument, type GroupsCall } from './call.ts'
import { forbidden } from './errors.ts'
import { requireGroup } from './standing.ts'
import { signupFields } from './policies.ts'

const preferences = z.object({ allow_add: z.boolean().nullable() })

/** `GET /v2/preferences`: by identity, whether others may add it to groups. */
export function getPreferences({ caller, context }: GroupsCall): ServiceReply {
  const { memberships } = context.world
  return ok(Object.fromEntries(caller.identities.map((one) => [one, { allow_add: memberships.allowAdd(one) }])))
}

/** `PUT /v2/preferences`: by identity, as the API description has it, or one document for all, as the SDK's example has it. */
export async function putPreferences(call: GroupsCall): Promise<ServiceReply> {
  const { caller, context } = call
  const given = await readDocument(call, z.union([preferences.strict(), z.record(id, preferences)]))
  const byIdentity = isForAll(given) ? Object.fromEntries(caller.identities.map((one) => [one, given])) : given
  requireOwn(Object.keys(byIdentity), call)
  for (const [one, { allow_add: allowed }] of Object.entries(byIdentity)) {
    context.world.memberships.putAllowAdd(one, allowed)
  }
  return getPreferences(call)
}

type Preferences = z.infer<typeof preferences>

const isForAll = (given: Preferences | Record<string, Preferences>): given is Preferences => 'allow_add' in given

const fieldNames = ['first_name', 'last_name', 'organization', ...signupFields] as const

const fields = z.partialRecord(z.enum(fieldNames), z.string().max(1000).nullable())

/** `GET /v2/groups/ID/membership_fields`: what the caller's identities told the group. */
export function getMembershipFields(call: GroupsCall): ServiceReply {
  const { group } = requireGroup(call)
  const { memberships } = call.context.world
  const told = call.caller.identities.flatMap((one) => {
    const given = memberships.fields(group.id, one)
    return given === null ? [] : [[one, given] as const]
  })
  return ok(Object.fromEntries(told))
}

/** `PUT /v2/groups/ID/membership_fields` */
export async function putMembershipFields(call: GroupsCall): Promise<ServiceReply> {
  const given = await readDocument(call, z.record(id, fields))
  const { group } = requireGroup(call)
  requireOwn(Object.keys(given), call)
  for (const [one, told] of Object.entries(given)) call.context.world.memberships.putFields(group.id, one, told)
  return getMembershipFields(call)
}

function requireOwn(identities: readonly string[], { caller }: GroupsCall): void {
  const foreign = identities.find((one) => !caller.identities.includes(one))
  if (foreign !== undefined) throw forbidden(`${foreign} is none of your identities`)
}
