import * as z from 'zod'
import type { EmulatorContext } from '../context.ts'
import { readJson } from '../http/body.ts'
import { badRequest, notFound } from '../http/error-documents.ts'
import type { PathParameters } from '../routes.ts'
import { isPublic } from '../world/clients.ts'
import { authenticateDeveloper, requireClient, requireClientForChange } from './access.ts'
import { credentialDocument } from './documents.ts'
import { addCredential } from './register-client.ts'

/** `GET /v2/api/clients/:id/credentials`: without the secrets. */
export function listCredentials(request: Request, context: EmulatorContext, { id = '' }: PathParameters): Response {
  const client = requireClient(id, authenticateDeveloper(request, context), context)
  const credentials = context.world.clients.credentials(client.id)
  return Response.json({ credentials: credentials.map((credential) => credentialDocument(credential, null)) })
}

/** `POST /v2/api/clients/:id/credentials`: the only answer that holds the secret. */
export async function createCredential(
  request: Request,
  context: EmulatorContext,
  { id = '' }: PathParameters,
): Promise<Response> {
  const client = requireClientForChange(id, authenticateDeveloper(request, context), context)
  const schema = z.object({ credential: z.object({ name: z.string().min(1).max(512) }) })
  const { credential: given } = await readJson(request, schema)
  if (isPublic(client)) throw badRequest('A public client has no credentials')
  const credential = addCredential(client.id, given.name, context)
  return Response.json(
    { credential: credentialDocument(credential, credential.secret) },
    { status: 201, headers: { 'cache-control': 'no-store' } },
  )
}

/** `DELETE /v2/api/clients/:id/credentials/:credential`: its secret is refused from now on. */
export function deleteCredential(
  request: Request,
  context: EmulatorContext,
  { id = '', credential: credentialId = '' }: PathParameters,
): Response {
  const client = requireClientForChange(id, authenticateDeveloper(request, context), context)
  const credential = context.world.clients.credentials(client.id).find((one) => one.id === credentialId)
  if (credential === undefined) throw notFound('The client has no credential with this id')
  context.world.clients.removeCredential(client.id, credentialId)
  return Response.json({ credential: credentialDocument(credential, null) })
}
