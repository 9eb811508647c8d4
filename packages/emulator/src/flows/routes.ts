import { listOnlyRoutes } from '../services/list-only.ts'
import type { ServiceRoute } from '../services/service-route.ts'

const scope = (name: string): string => `https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/${name}`
const page = { limit: 100, has_next_page: false, marker: null }

/** Flows: there are none, and none can be made or run. */
export const flowsRoutes: readonly ServiceRoute[] = listOnlyRoutes({
  name: 'flows',
  title: 'Flows',
  resourceServer: 'flows.globus.org',
  scopes: ['all', 'view_flows', 'manage_flows', 'run_status', 'run_manage'].map(scope),
  lists: { '/flows': { ...page, flows: [] }, '/runs': { ...page, runs: [] } },
  missing: ['/flows/*', '/runs/*'],
})
