import type { ServiceMethod, ServiceReply, ServiceRoute } from '../services/service-route.ts'
import type { ServiceOperation } from '../services/names.ts'
import { enterGroups, type GroupsCall, type Need } from './call.ts'
import { groupsDefect, refuseGroups } from './errors.ts'
import { createGroup, deleteGroup, getGroup, listChildren, listMine, listStatuses, updateGroup } from './groups.ts'
import { changeMemberships } from './membership.ts'
import { getPolicies, updatePolicies } from './policies.ts'
import { getMembershipFields, getPreferences, putMembershipFields, putPreferences } from './preferences.ts'
import { getSubscriptionInfo, setSubscriptionAdminVerified } from './subscriptions.ts'

type Row = readonly [
  method: ServiceMethod,
  path: string,
  need: Need,
  handle: (call: GroupsCall) => ServiceReply | Promise<ServiceReply>,
  name?: ServiceOperation,
]

const G = '/v2/groups/:group'

const rows: readonly Row[] = [
  ['GET', '/v2/groups/my_groups', 'view', listMine],
  ['GET', '/v2/groups/statuses', 'all', listStatuses],
  ['POST', '/v2/groups', 'all', createGroup],
  ['GET', G, 'view', getGroup],
  ['PUT', G, 'all', updateGroup],
  ['DELETE', G, 'all', deleteGroup],
  ['POST', G, 'all', changeMemberships, 'group-membership'],
  ['GET', `${G}/children`, 'view', listChildren],
  ['GET', `${G}/policies`, 'all', getPolicies],
  ['PUT', `${G}/policies`, 'all', updatePolicies],
  ['GET', `${G}/membership_fields`, 'all', getMembershipFields],
  ['PUT', `${G}/membership_fields`, 'all', putMembershipFields],
  ['PUT', `${G}/subscription_admin_verified`, 'all', setSubscriptionAdminVerified],
  ['GET', '/v2/preferences', 'all', getPreferences],
  ['PUT', '/v2/preferences', 'all', putPreferences],
  ['GET', '/v2/subscription_info/:subscription', 'view', getSubscriptionInfo],
]

/** Every operation of the Groups API, by method and path. */
export const groupsRoutes: readonly ServiceRoute[] = rows.map(([method, path, need, handle, name = 'groups']) => ({
  method,
  path,
  name,
  handle: (incoming) => handle(enterGroups(incoming, need)),
  refuse: refuseGroups,
  defect: groupsDefect,
}))
