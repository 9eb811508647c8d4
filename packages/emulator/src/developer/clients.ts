import * as z from 'zod'
import { findRedirectProblem } from '../auth/redirect-uri.ts'
import type { EmulatorContext } from '../context.ts'
import { readJson } from '../http/body.ts'
import { badRequest, notFound } from '../http/error-documents.ts'
import type { PathParameters } from '../routes.ts'
import { clientTypes, type Client, type ClientType } from '../world/clients.ts'
import {
  authenticateDeveloper,
  authenticateReader,
  requireClient,
  requireClientForChange,
  requireProjectForChange,
} from './access.ts'
import { clientDocument } from './documents.ts'
import { registerClient, removeClient } from './register-client.ts'
import { createInstance } from './template-instance.ts'

const redirectUri = z.string().check((input) => {
  const problem = findRedirectProblem(input.value)
  if (problem !== undefined) input.issues.push({ code: 'custom', message: problem, input: input.value })
})

const webAddress = z.url({ protocol: /^https?$/ }).nullable()

const changeable = z.object({
  name: z.string().min(1).max(512).optional(),
  visibility: z.enum(['public', 'private']).optional(),
  redirect_uris: z.array(redirectUri).max(100).optional(),
  required_idp: z.guid().nullish(),
  preselect_idp: z.guid().nullish(),
  prompt_for_named_grant: z.boolean().optional(),
  links: z
    .object({ privacy_policy: webAddress.optional(), terms_and_conditions: webAddress.optional() })
    .nullish()
    .transform((links) => links ?? {}),
})

type Changes = z.infer<typeof changeable>

const registration = changeable.extend({
  name: z.string().min(1).max(512),
  project: z.guid(),
  public_client: z.boolean().optional(),
  client_type: z.enum(clientTypes).optional(),
})

/** `GET /v2/api/clients`: those of the caller's projects, or with `?fqdn=` the one that owns a domain name. */
export function listClients(request: Request, context: EmulatorContext): Response {
  const caller = authenticateReader(request, context)
  const { world } = context
  const fqdn = new URL(request.url).searchParams.get('fqdn')
  if (fqdn !== null) {
    const client = world.clients.findByFqdn(fqdn)
    if (client === undefined) throw notFound('No client has this domain name')
    return Response.json({ client: clientDocument(client, world) })
  }
  const projects = world.projects.administeredBy(caller.identities)
  const own = world.clients.find(caller.identity)
  const clients = [...(own === undefined ? [] : [own]), ...projects.flatMap(({ id }) => world.clients.inProject(id))]
  return Response.json({ clients: clients.map((client) => clientDocument(client, world)) })
}

/** `POST /v2/api/clients`: in a project of the caller's; or, without authentication, an instance of a template. */
export async function createClient(request: Request, context: EmulatorContext): Promise<Response> {
  if (request.headers.get('authorization') === null) return createInstance(request, context)
  const caller = authenticateDeveloper(request, context)
  const { client: given } = await readJson(request, z.object({ client: registration }))
  const project = requireProjectForChange(given.project.toLowerCase(), caller, context)
  const clientType = typeOf(given)
  const client = context.world.transaction(() =>
    registerClient({ ...blank, ...changesOf(given), name: given.name, clientType, project: project.id }, context),
  )
  return Response.json({ client: clientDocument(client, context.world) }, { status: 201 })
}

const blank = { parentClient: null, redirectUris: [], privacyPolicy: null, termsAndConditions: null } as const

function typeOf(given: { public_client?: boolean | undefined; client_type?: ClientType | undefined }): ClientType {
  const { public_client: isPublicClient, client_type: type } = given
  if ((isPublicClient === undefined) === (type === undefined))
    throw badRequest('Give either public_client or client_type')
  return type ?? (isPublicClient === true ? 'public_installed_client' : 'hybrid_confidential_client_resource_server')
}

/** `GET /v2/api/clients/:id`: public ones for everybody, others for their project. */
export function getClient(request: Request, context: EmulatorContext, { id = '' }: PathParameters): Response {
  const caller = authenticateReader(request, context)
  const known = context.world.clients.find(id)
  const client = known?.visibility === 'public' ? known : requireClient(id, caller, context)
  return Response.json({ client: clientDocument(client, context.world) })
}

/** `PUT /v2/api/clients/:id`: changes what is given. */
export async function updateClient(
  request: Request,
  context: EmulatorContext,
  { id = '' }: PathParameters,
): Promise<Response> {
  const client = requireClientForChange(id, authenticateDeveloper(request, context), context)
  const { client: given } = await readJson(request, z.object({ client: changeable }))
  const { world } = context
  world.clients.put({ ...client, ...changesOf(given) })
  const identity = world.identities.find(client.id)
  // A client's identity bears its name.
  if (identity !== undefined && given.name !== undefined) world.identities.put({ ...identity, name: given.name })
  return Response.json({ client: clientDocument(world.clients.find(id) ?? client, world) })
}

/** `DELETE /v2/api/clients/:id`, by its project or by itself. */
export function deleteClient(request: Request, context: EmulatorContext, { id = '' }: PathParameters): Response {
  const caller = authenticateDeveloper(request, context)
  const client = requireClientForChange(id, caller, context)
  const document = clientDocument(client, context.world)
  context.world.transaction(() => removeClient(client, context))
  return Response.json({ client: document })
}

/** What a request changes, in the world's words; a null takes a value away. */
function changesOf(given: Changes): Partial<Client> {
  const changes = {
    name: given.name,
    visibility: given.visibility,
    redirectUris: given.redirect_uris,
    requiredIdp: given.required_idp,
    preselectIdp: given.preselect_idp,
    promptForNamedGrant: given.prompt_for_named_grant,
    privacyPolicy: given.links.privacy_policy,
    termsAndConditions: given.links.terms_and_conditions,
  }
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}
