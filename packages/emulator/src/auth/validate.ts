import type { EmulatorContext } from '../context.ts'
import { readForm } from '../http/body.ts'
import { authenticateClient } from '../http/client-authentication.ts'
import { oauthError } from '../http/error-documents.ts'

/** `POST /v2/oauth2/token/validate`: whether a token of the client, of either kind, is alive. Undocumented, but globus-cli asks it. */
export async function validate(request: Request, context: EmulatorContext): Promise<Response> {
  const form = await readForm(request)
  const client = authenticateClient(request, form, context)
  const value = form.get('token')
  if (value === undefined) throw oauthError('invalid_request', 'token is missing')
  const token = context.world.tokens.findLive(value, context.clock.now())
  return Response.json({ active: token?.client === client.id })
}
