import * as z from 'zod'
import { ok, param, type ServiceReply } from '../services/service-route.ts'
import { id, readDocument, type GroupsCall } from './call.ts'
import { forbidden, groupsError } from './errors.ts'
import { requireGroup, standingIn } from './standing.ts'

/** `GET /v2/subscription_info/ID`: which group stands for a subscription, and what everybody may know of it. */
export function getSubscriptionInfo(call: GroupsCall): ServiceReply {
  const group = call.context.world.groups.findBySubscription(param(call, 'subscription').toLowerCase())
  if (group === undefined) throw groupsError(404, ['NOT_FOUND', 'There is no subscription with this id'])
  const { is_high_assurance, is_baa, connectors } = group.subscriptionInfo ?? {}
  const info = { is_high_assurance, is_baa, connectors }
  return ok({ group_id: group.id, subscription_id: group.subscriptionId, subscription_info: info })
}

const verification = z.object({ subscription_admin_verified_id: id.nullable() })

/** `PUT /v2/groups/ID/subscription_admin_verified`: an admin of the subscription says that it covers the group. */
export async function setSubscriptionAdminVerified(call: GroupsCall): Promise<ServiceReply> {
  const { subscription_admin_verified_id: wanted } = await readDocument(call, verification)
  const standing = requireGroup(call)
  const { group } = standing
  const concerned = wanted ?? group.verifiedSubscription
  const isAllowed =
    (concerned !== null && isSubscriptionAdmin(concerned, call)) || (wanted === null && standing.role === 'admin')
  if (!isAllowed) throw forbidden('Only an admin of the subscription may say that it covers a group')
  call.context.world.groups.put({ ...group, verifiedSubscription: wanted })
  return ok({ group_id: group.id, subscription_admin_verified_id: wanted })
}

function isSubscriptionAdmin(subscription: string, { caller, context }: GroupsCall): boolean {
  const group = context.world.groups.findBySubscription(subscription)
  return group !== undefined && standingIn(group, caller, context).role === 'admin'
}
