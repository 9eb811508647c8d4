import type { EmulatorContext } from '../context.ts'
import { readForm } from '../http/body.ts'
import { authenticateClient } from '../http/client-authentication.ts'
import { oauthError } from '../http/error-documents.ts'

/**
 * `POST /v2/oauth2/token/revoke`. Ends one token: refresh and access tokens do not take each other along, unless an option says so. A client may end its own
 * tokens and those of the instances of its template; every other token is answered the same way and lives on (RFC 7009 section 2.2).
 */
export async function revoke(request: Request, context: EmulatorContext): Promise<Response> {
  const form = await readForm(request)
  const client = authenticateClient(request, form, context)
  const value = form.get('token')
  if (value === undefined) throw oauthError('invalid_request', 'token is missing')
  const { world, clock, behaviour } = context
  const token = world.tokens.find(value)
  const owner = token === undefined ? undefined : world.clients.find(token.client)
  if (token !== undefined && (owner?.id === client.id || owner?.parentClient === client.id)) {
    world.tokens.revoke(token, clock.now())
    if (token.kind === 'refresh' && behaviour.refreshRevocationCascades) world.tokens.revokeSiblings(token, clock.now())
  }
  return Response.json({ active: false })
}
