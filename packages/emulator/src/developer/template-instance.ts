import * as z from 'zod'
import type { EmulatorContext } from '../context.ts'
import { readJson } from '../http/body.ts'
import { badRequest, unauthorized } from '../http/error-documents.ts'
import { clientDocument, credentialDocument } from './documents.ts'
import { addCredential, registerClient } from './register-client.ts'

const instance = z.object({
  template_id: z.guid(),
  name: z.string().min(1).max(512),
})

/**
 * `POST /v2/api/clients` without authentication: each installation of a native app gets a confidential client of its own, made from the
 * app's. The secret stands in `included` at the top level, where globus-cli looks for it.
 */
export async function createInstance(request: Request, context: EmulatorContext): Promise<Response> {
  const { client: given } = await readJson(request, z.object({ client: z.looseObject({}) }))
  if (!('template_id' in given)) throw unauthorized('Call must be authenticated')
  const parsed = instance.safeParse(given)
  if (!parsed.success) throw badRequest('An instance needs template_id and name')
  const template = context.world.clients.find(parsed.data.template_id.toLowerCase())
  if (template?.clientType !== 'public_installed_client') throw badRequest('template_id names no native client')
  const { client, credential } = context.world.transaction(() => {
    const made = registerClient(
      {
        name: parsed.data.name,
        clientType: 'confidential_client',
        parentClient: template.id,
        redirectUris: [],
        privacyPolicy: template.privacyPolicy,
        termsAndConditions: template.termsAndConditions,
      },
      context,
    )
    return { client: made, credential: addCredential(made.id, 'Auto-created at client creation', context) }
  })
  return Response.json(
    {
      client: clientDocument(client, context.world),
      included: { client_credential: credentialDocument(credential, credential.secret) },
    },
    { status: 201, headers: { 'cache-control': 'no-store' } },
  )
}
