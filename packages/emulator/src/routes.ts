import { identityRoutes } from './auth/api/routes.ts'
import { authRoutes } from './auth/routes.ts'
import { webRoutes } from './auth/web/routes.ts'
import { webAppRoutes } from './web-app/routes.ts'
import type { EmulatorContext } from './context.ts'
import { developerRoutes } from './developer/routes.ts'
import type { EndpointName } from './faults.ts'

/** What the path of a request holds at the places that its route names. */
export type PathParameters = Readonly<Record<string, string>>

/** Does the work of one endpoint. */
export type Handler = (
  request: Request,
  context: EmulatorContext,
  parameters: PathParameters,
) => Response | Promise<Response>

/** `api`: JSON, no cookies, any origin. `page`: HTML and cookies, forms from own pages only. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With `:name` where anything may stand. */
  readonly path: string
  readonly name: EndpointName
  readonly kind: 'api' | 'page'
  readonly handle: Handler
}

/** Every endpoint that the emulator imitates. */
export const routes: readonly Route[] = [
  ...authRoutes,
  ...identityRoutes,
  ...webRoutes,
  ...webAppRoutes,
  ...developerRoutes,
]
