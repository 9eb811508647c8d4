import { groupsClient,searchClient,flowsClient,timersClient,authClient } from 'pierhead/globus'
const s = { accessToken: async () => 'x' }
export const a = groupsClient(s).groups.getMyGroups
export const b = groupsClient(s).membership.act
export const c = searchClient(s).query.post
export const d = searchClient(s).query.get
export const e = flowsClient(s).flows.getAll
export const f = flowsClient(s).runs.getLog
export const g = timersClient(s).jobs.getAll
export const h = timersClient(s).timer.create
export const i = authClient(s).identities.getAll
export const j = authClient(s).identities.consents.getAll
export const k = flowsClient(s).flows.validate
export const l = groupsClient(s).groups.getStatuses
export const m = searchClient(s).subject.get
