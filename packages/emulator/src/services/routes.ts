import { flowsRoutes } from '../flows/routes.ts'
import { groupsRoutes } from '../groups/routes.ts'
import { searchRoutes } from '../search/routes.ts'
import { timersRoutes } from '../timers/routes.ts'
import type { ServiceRoute } from './service-route.ts'

/** Every operation of the services beside Auth and Transfer. */
export const serviceRoutes: readonly ServiceRoute[] = [
  ...groupsRoutes,
  ...searchRoutes,
  ...timersRoutes,
  ...flowsRoutes,
]
