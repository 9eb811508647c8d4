import { groupsRoutes } from '../groups/routes.ts'
import type { ServiceRoute } from './service-route.ts'

/** Every operation of the services beside Auth and Transfer. */
export const serviceRoutes: readonly ServiceRoute[] = [...groupsRoutes]
