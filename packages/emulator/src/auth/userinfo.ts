import type { EmulatorContext } from '../context.ts'
import { forbidden, unauthorized } from '../http/error-documents.ts'
import { userinfoClaims } from './claims.ts'
import { AUTH_RESOURCE_SERVER } from './scope-table.ts'

/** `GET` and `POST /v2/oauth2/userinfo`, with a token of the resource server auth.globus.org that has the scope `openid`. */
export function userinfo(request: Request, context: EmulatorContext): Response {
  const bearer = /^bearer +([^\s]+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (bearer === undefined) throw unauthorized('Missing bearer token')
  const token = context.world.tokens.findLive(bearer, context.clock.now())
  if (token?.kind !== 'access' || token.resourceServer !== AUTH_RESOURCE_SERVER)
    throw unauthorized('Invalid bearer token')
  const scopes = new Set(token.scope.split(' '))
  if (!scopes.has('openid')) throw forbidden('The token lacks the scope openid')
  return Response.json(userinfoClaims({ identity: token.identity, scopes }, context), {
    headers: { 'cache-control': 'no-store' },
  })
}
