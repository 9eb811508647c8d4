import { listOnlyRoutes } from '../services/list-only.ts'
import type { ServiceRoute } from '../services/service-route.ts'

const client = '524230d7-ea86-4a52-8312-86065a9e0417'
const jobs = { jobs: [] }

/** Timers: nobody has set one, and none can be set. */
export const timersRoutes: readonly ServiceRoute[] = listOnlyRoutes({
  name: 'timers',
  title: 'Timers',
  resourceServer: client,
  scopes: [`https://auth.globus.org/scopes/${client}/timer`],
  lists: { '/jobs': jobs, '/jobs/': jobs },
  missing: ['/jobs/*', '/v2/timer', '/v2/timer/*'],
})
