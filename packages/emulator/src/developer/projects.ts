import * as z from 'zod'
import { authenticateCaller, requireScope } from '../auth/api/caller.ts'
import type { EmulatorContext } from '../context.ts'
import { readJson } from '../http/body.ts'
import { badRequest, conflict } from '../http/error-documents.ts'
import { randomUuid } from '../random.ts'
import type { PathParameters } from '../routes.ts'
import type { Project } from '../world/projects.ts'
import { authenticateDeveloper, authenticateReader, requireProject, requireProjectForChange } from './access.ts'
import { projectDocument } from './documents.ts'

const ids = z
  .union([z.guid().transform((id) => [id]), z.array(z.guid()), z.null().transform(() => [])])
  .transform((list) => list.map((id) => id.toLowerCase()))

const fields = z.object({
  display_name: z.string().min(1).max(512),
  contact_email: z.email(),
  admin_ids: ids.optional(),
  admin_group_ids: ids.optional(),
})

/** `GET /v2/api/projects`: the projects that the caller is an admin of. */
export function listProjects(request: Request, context: EmulatorContext): Response {
  const { identities } = authenticateReader(request, context)
  const projects = context.world.projects.administeredBy(identities)
  return Response.json({ projects: projects.map((project) => projectDocument(project, context.world)) })
}

/** `POST /v2/api/projects`. Whoever makes a project need not be an admin of it. */
export async function createProject(request: Request, context: EmulatorContext): Promise<Response> {
  const caller = authenticateCaller(request, context)
  requireScope(caller, 'manage_projects')
  const { project } = await readJson(request, z.object({ project: fields }))
  const made = {
    id: randomUuid(context.random),
    displayName: project.display_name,
    contactEmail: project.contact_email,
    adminIds: project.admin_ids ?? [],
    adminGroupIds: project.admin_group_ids ?? [],
  }
  return store(made, 201, context)
}

/** `GET /v2/api/projects/:id`. */
export function getProject(request: Request, context: EmulatorContext, { id = '' }: PathParameters): Response {
  const project = requireProject(id, authenticateReader(request, context), context)
  return Response.json({ project: projectDocument(project, context.world) })
}

/** `PUT /v2/api/projects/:id`: changes what is given. */
export async function updateProject(
  request: Request,
  context: EmulatorContext,
  { id = '' }: PathParameters,
): Promise<Response> {
  const project = requireProjectForChange(id, authenticateDeveloper(request, context), context)
  const { project: changes } = await readJson(request, z.object({ project: fields.partial() }))
  const changed = {
    id: project.id,
    displayName: changes.display_name ?? project.displayName,
    contactEmail: changes.contact_email ?? project.contactEmail,
    adminIds: changes.admin_ids ?? project.adminIds,
    adminGroupIds: changes.admin_group_ids ?? project.adminGroupIds,
  }
  return store(changed, 200, context)
}

/** `DELETE /v2/api/projects/:id`, once it is empty. */
export function deleteProject(request: Request, context: EmulatorContext, { id = '' }: PathParameters): Response {
  const project = requireProjectForChange(id, authenticateDeveloper(request, context), context)
  const { world } = context
  if (world.clients.inProject(id).length > 0 || world.policies.inProject(id).length > 0)
    throw conflict('The project still has clients or policies')
  world.projects.remove(id)
  return Response.json({ project: projectDocument(project, world) })
}

function store(project: Project, status: number, { world }: EmulatorContext): Response {
  if (project.adminIds.length === 0 && project.adminGroupIds.length === 0)
    throw badRequest('A project needs an admin: give admin_ids or admin_group_ids')
  const missing = project.adminIds.find((id) => world.identities.find(id) === undefined)
  if (missing !== undefined) throw badRequest(`admin_ids holds ${missing}, which is no identity`)
  world.projects.put(project)
  return Response.json({ project: projectDocument(project, world) }, { status })
}
