import * as z from 'zod'
import { idsParameter, listParameter } from '../auth/api/list-parameter.ts'
import type { Caller } from '../auth/api/caller.ts'
import type { EmulatorContext } from '../context.ts'
import { readJson } from '../http/body.ts'
import { badRequest, conflict, notFound } from '../http/error-documents.ts'
import { randomUuid } from '../random.ts'
import type { PathParameters } from '../routes.ts'
import type { DependentScope, NewScope, Scope } from '../world/scopes.ts'
import { authenticateDeveloper, authenticateReader, isAdmin, requireClientForChange } from './access.ts'
import { scopeDocument } from './documents.ts'
import { removeScope } from './register-client.ts'

const fields = z.object({
  name: z.string().min(1).max(512),
  description: z.string().max(4096),
  scope_suffix: z.string().regex(/^[a-z0-9_]+$/, 'must be of lower case letters, digits and _'),
  advertised: z.boolean().optional(),
  allows_refresh_token: z.boolean().optional(),
  required_domains: z.array(z.string()).max(100).optional(),
  dependent_scopes: z
    .array(
      z.object({
        scope: z.guid(),
        optional: z.boolean().optional(),
        requires_refresh_token: z.boolean().optional(),
      }),
    )
    .max(100)
    .optional(),
})

type Dependents = Pick<z.infer<typeof fields>, 'dependent_scopes'>

/** `GET /v2/api/scopes`: those of the caller's projects; with `?ids=` or `?scope_strings=` those named that the caller may see. */
export function listScopes(request: Request, context: EmulatorContext): Response {
  const caller = authenticateReader(request, context)
  const { world } = context
  const query = new URL(request.url).searchParams
  const ids = idsParameter(query, 'ids')
  const strings = listParameter(query, 'scope_strings')
  if (ids !== undefined && strings !== undefined) throw badRequest('Give either ids or scope_strings')
  const named = [
    ...(ids ?? []).flatMap((id) => world.scopes.findById(id) ?? []),
    ...(strings ?? []).flatMap((scopeString) => world.scopes.find(scopeString) ?? []),
  ].filter((scope) => isVisible(scope, caller, context))
  const found = ids === undefined && strings === undefined ? ownScopes(caller, context) : named
  return Response.json({ scopes: found.map((scope) => scopeDocument(scope, world)) })
}

function ownScopes(caller: Caller, { world }: EmulatorContext): readonly Scope[] {
  const clients = world.projects.administeredBy(caller.identities).flatMap(({ id }) => world.clients.inProject(id))
  return clients.flatMap(({ id }) => world.scopes.ownedBy(id))
}

/** Advertised scopes, those of public clients and of Globus itself are for everybody. */
function isVisible(scope: Scope, caller: Caller, { world }: EmulatorContext): boolean {
  const client = world.clients.find(scope.client)
  if (scope.advertised || client === undefined || client.visibility === 'public') return true
  const project = client.project === null ? undefined : world.projects.find(client.project)
  return caller.identity === client.id || (project !== undefined && isAdmin(project, caller))
}

/** `GET /v2/api/scopes/:id`. */
export function getScope(request: Request, context: EmulatorContext, { id = '' }: PathParameters): Response {
  const caller = authenticateReader(request, context)
  const scope = context.world.scopes.findById(id.toLowerCase())
  if (scope === undefined || !isVisible(scope, caller, context)) throw notFound('There is no scope with this id')
  return Response.json({ scope: scopeDocument(scope, context.world) })
}

/** `POST /v2/api/clients/:id/scopes`. */
export async function createScope(
  request: Request,
  context: EmulatorContext,
  { id = '' }: PathParameters,
): Promise<Response> {
  const client = requireClientForChange(id, authenticateDeveloper(request, context), context)
  const { scope: given } = await readJson(request, z.object({ scope: fields }))
  const scopeString = `https://auth.globus.org/scopes/${client.id}/${given.scope_suffix}`
  if (context.world.scopes.find(scopeString) !== undefined) throw conflict('The client has a scope with this suffix')
  const scope: NewScope = {
    id: randomUuid(context.random),
    scopeString,
    client: client.id,
    resourceServer: client.fqdns[0] ?? client.id,
    name: given.name,
    description: given.description,
    allowsRefreshToken: given.allows_refresh_token ?? true,
    advertised: given.advertised ?? false,
    requiredDomains: given.required_domains ?? [],
    dependentScopes: dependents(given, context),
  }
  return store(scope, 201, context)
}

/** `PUT /v2/api/scopes/:id`: changes what is given. A new suffix makes a new scope string, to which nobody has consented yet. */
export async function updateScope(
  request: Request,
  context: EmulatorContext,
  { id = '' }: PathParameters,
): Promise<Response> {
  const scope = requireOwnScope(id, authenticateDeveloper(request, context), context)
  const { scope: given } = await readJson(request, z.object({ scope: fields.partial() }))
  const suffix = given.scope_suffix ?? scope.scopeString.slice(scope.scopeString.lastIndexOf('/') + 1)
  const scopeString = `${scope.scopeString.slice(0, scope.scopeString.lastIndexOf('/'))}/${suffix}`
  const changed: NewScope = {
    ...scope,
    scopeString,
    name: given.name ?? scope.name,
    description: given.description ?? scope.description,
    allowsRefreshToken: given.allows_refresh_token ?? scope.allowsRefreshToken,
    advertised: given.advertised ?? scope.advertised,
    requiredDomains: given.required_domains ?? scope.requiredDomains,
    dependentScopes: given.dependent_scopes === undefined ? scope.dependentScopes : dependents(given, context),
  }
  if (scopeString !== scope.scopeString) {
    if (context.world.scopes.find(scopeString) !== undefined) throw conflict('The client has a scope with this suffix')
    context.world.transaction(() => removeScope(scope.scopeString, context))
  }
  return store(changed, 200, context)
}

/** `DELETE /v2/api/scopes/:id`: consents to it and the tokens under them end. */
export function deleteScope(request: Request, context: EmulatorContext, { id = '' }: PathParameters): Response {
  const scope = requireOwnScope(id, authenticateDeveloper(request, context), context)
  const document = scopeDocument(scope, context.world)
  context.world.transaction(() => removeScope(scope.scopeString, context))
  return Response.json({ scope: document })
}

function requireOwnScope(id: string, caller: Caller, context: EmulatorContext): Scope {
  const scope = context.world.scopes.findById(id.toLowerCase())
  if (scope === undefined) throw notFound('There is no scope with this id')
  requireClientForChange(scope.client, caller, context)
  return scope
}

function dependents(given: Dependents, { world }: EmulatorContext): readonly DependentScope[] {
  return (given.dependent_scopes ?? []).map(
    ({ scope: id, optional = false, requires_refresh_token: refresh = false }) => {
      const scope = world.scopes.findById(id.toLowerCase())
      if (scope === undefined) throw badRequest(`dependent_scopes holds ${id}, which is no scope`)
      return { scope: scope.scopeString, optional, requiresRefreshToken: refresh }
    },
  )
}

function store(scope: NewScope, status: number, { world }: EmulatorContext): Response {
  world.scopes.put(scope)
  const stored = world.scopes.find(scope.scopeString)
  if (stored === undefined) throw new Error('The scope was not stored')
  return Response.json({ scope: scopeDocument(stored, world) }, { status })
}
