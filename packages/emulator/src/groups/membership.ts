import * as z from 'zod'
import { ok, type ServiceReply } from '../services/service-route.ts'
import { groupRoles, type Membership } from '../world/memberships.ts'
import { ActionRefused, type Acting, type Action, type Entry } from './action.ts'
import { id, readDocument, type GroupsCall } from './call.ts'
import { membershipDocument } from './documents.ts'
import { forbidden, groupsError } from './errors.ts'
import { managingActions } from './managing-actions.ts'
import { selfActions } from './self-actions.ts'
import { isManager, requireGroup, type Standing } from './standing.ts'

const entry = z.looseObject({
  identity_id: id,
  role: z.enum(groupRoles).nullish(),
  status_reason: z.string().nullish(),
  invite_email_address: z.string().nullish(),
})

const entries = z.array(entry).nullish()

const actionNames = [
  'accept',
  'add',
  'approve',
  'change_role',
  'decline',
  'invite',
  'join',
  'leave',
  'reject',
  'remove',
  'request_join',
] as const

type ActionName = (typeof actionNames)[number]

const actions: Readonly<Record<ActionName, Action>> = { ...managingActions, ...selfActions }

const batch: z.ZodType<Partial<Record<ActionName, z.infer<typeof entries>>>> = z.object({
  accept: entries,
  add: entries,
  approve: entries,
  change_role: entries,
  decline: entries,
  invite: entries,
  join: entries,
  leave: entries,
  reject: entries,
  remove: entries,
  request_join: entries,
})

interface Step {
  readonly name: ActionName
  readonly entry: Entry
}

/** `POST /v2/groups/ID`: several actions on memberships. What one identity is refused does not stop the others. */
export async function changeMemberships(call: GroupsCall): Promise<ServiceReply> {
  const document = await readDocument(call, batch)
  const standing = requireGroup(call)
  const steps = actionNames.flatMap((name) => (document[name] ?? []).map((one) => ({ name, entry: toEntry(one) })))
  refuseAmbiguous(steps)
  if (steps.some(({ name }) => name in managingActions) && !isManager(standing))
    throw forbidden('Only a manager or an admin of the group may do this')
  const done: Partial<Record<ActionName, object[]>> = {}
  const errors: Partial<Record<ActionName, object[]>> = {}
  call.context.world.transaction(() => {
    for (const step of steps) {
      const outcome = take(step, standing, call)
      if (outcome instanceof ActionRefused) (errors[step.name] ??= []).push(errorDocument(step, outcome))
      else (done[step.name] ??= []).push(membershipDocument(outcome, call.context))
    }
  })
  return ok(Object.keys(errors).length === 0 ? done : { ...done, errors })
}

function take({ name, entry }: Step, standing: Standing, call: GroupsCall): Membership | ActionRefused {
  const { world } = call.context
  const current = world.memberships.find(standing.group.id, entry.identity)
  const acting: Acting = { entry, standing, current, call }
  try {
    if (world.identities.find(entry.identity) === undefined)
      throw new ActionRefused('IDENTITY_NOT_FOUND', 'There is no identity with this id')
    if (name in selfActions && !call.caller.identities.includes(entry.identity))
      throw new ActionRefused('IDENTITY_NOT_YOURS', 'This is none of your identities')
    const membership = actions[name](acting)
    world.memberships.put(membership)
    return membership
  } catch (error) {
    if (error instanceof ActionRefused) return error
    throw error
  }
}

function refuseAmbiguous(steps: readonly Step[]): void {
  const counts = Map.groupBy(steps, ({ entry }) => entry.identity)
  const ambiguous = Array.from(counts).flatMap(([identity, named]) => (named.length > 1 ? [identity] : []))
  if (ambiguous.length === 0) return
  const detail = 'An identity may be named in one action only'
  throw groupsError(400, ['AMBIGUOUS_IDENTITIES', detail], { ambiguous_identities: ambiguous })
}

const toEntry = (given: z.infer<typeof entry>): Entry => ({
  identity: given.identity_id,
  role: given.role ?? null,
  statusReason: given.status_reason ?? null,
  inviteEmailAddress: given.invite_email_address ?? null,
})

const errorDocument = ({ entry }: Step, { code, message }: ActionRefused): object => ({
  identity_id: entry.identity,
  code,
  detail: message,
})
