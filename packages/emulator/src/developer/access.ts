import type { EmulatorContext } from '../context.ts'
import { forbidden, notFound } from '../http/error-documents.ts'
import { authenticateCaller, isClientItself, requireScope, type Caller } from '../auth/api/caller.ts'
import type { Client } from '../world/clients.ts'
import type { Project } from '../world/projects.ts'

/**
 * Finds out who manages projects: a token with `manage_projects`, or a client with its own credentials, which may manage itself.
 *
 * @throws ApiError 401 or 403
 */
export function authenticateDeveloper(request: Request, context: EmulatorContext): Caller {
  const caller = authenticateCaller(request, context)
  if (!isOwnCredentials(caller)) requireScope(caller, 'manage_projects')
  return caller
}

/** As `authenticateDeveloper`, for calls that only look. */
export function authenticateReader(request: Request, context: EmulatorContext): Caller {
  const caller = authenticateCaller(request, context)
  if (!isOwnCredentials(caller)) requireScope(caller, 'manage_projects', 'view_clients', 'view_clients_and_scopes')
  return caller
}

/** HTTP Basic credentials carry no scopes. */
const isOwnCredentials = (caller: Caller): boolean => isClientItself(caller) && caller.scopes.size === 0

export const isAdmin = (project: Project, caller: Caller): boolean =>
  project.adminIds.some((id) => caller.identities.includes(id))

/** @throws ApiError 404 when there is no such project, 403 when the caller is no admin of it */
export function requireProject(id: string, caller: Caller, { world }: EmulatorContext): Project {
  const project = world.projects.find(id)
  if (project === undefined) throw notFound('There is no project with this id')
  if (!isAdmin(project, caller)) throw forbidden('You are not an admin of this project')
  return project
}

/** As `requireProject`, for a change: it asks for a login as an admin not long ago. */
export function requireProjectForChange(id: string, caller: Caller, context: EmulatorContext): Project {
  const project = requireProject(id, caller, context)
  refuseStaleLogin(project, caller, context)
  return project
}

/** @throws ApiError 404 when there is no such client, 403 when it is neither the caller nor in a project of the caller's */
export function requireClient(id: string, caller: Caller, { world }: EmulatorContext): Client {
  const client = world.clients.find(id)
  if (client === undefined) throw notFound('There is no client with this id')
  if (caller.identity === client.id) return client
  const project = client.project === null ? undefined : world.projects.find(client.project)
  if (project === undefined || !isAdmin(project, caller))
    throw forbidden('You are not an admin of this client’s project')
  return client
}

/** As `requireClient`, for a change. */
export function requireClientForChange(id: string, caller: Caller, context: EmulatorContext): Client {
  const client = requireClient(id, caller, context)
  const project = client.project === null ? undefined : context.world.projects.find(client.project)
  if (caller.identity !== client.id && project !== undefined) refuseStaleLogin(project, caller, context)
  return client
}

/** A client that is an admin cannot log in; of everybody else a recent login as an admin is asked. */
function refuseStaleLogin(project: Project, caller: Caller, { clock, behaviour }: EmulatorContext): void {
  const window = behaviour.projectAdminWindow
  if (window === 0 || isClientItself(caller)) return
  const oldest = clock.now() - window * 1000
  const recent = caller.authentications.some(
    ({ identity, authTime }) => project.adminIds.includes(identity) && authTime >= oldest,
  )
  if (recent) return
  const minutes = Math.ceil(window / 60)
  throw forbidden(
    `An identity that is an admin of the project must be in the session, authenticated within the last ${minutes} minutes`,
  )
}
