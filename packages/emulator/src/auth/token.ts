import type { EmulatorContext } from '../context.ts'
import { readForm, type Parameters } from '../http/body.ts'
import { authenticateClient } from '../http/client-authentication.ts'
import { notImitated, oauthError } from '../http/error-documents.ts'
import type { Client } from '../world/clients.ts'
import { clientCredentials } from './grants/client-credentials.ts'
import { dependentTokens } from './grants/dependent-token.ts'
import { redeemCode } from './grants/authorization-code.ts'
import { refresh } from './grants/refresh-token.ts'

/** What a grant works with, once the client is known. */
export interface GrantRequest {
  readonly client: Client
  readonly form: Parameters
  readonly query: URLSearchParams
}

const grants: ReadonlyMap<string, (request: GrantRequest, context: EmulatorContext) => Promise<object> | object> =
  new Map([
    ['authorization_code', redeemCode],
    ['refresh_token', refresh],
    ['client_credentials', clientCredentials],
    ['urn:globus:auth:grant_type:dependent_token', dependentTokens],
  ])

/** Grants that Globus Auth knows and the emulator does not imitate. */
const otherGrants: ReadonlySet<string> = new Set(['password'])

/** `POST /v2/oauth2/token`. */
export async function token(request: Request, context: EmulatorContext): Promise<Response> {
  const form = await readForm(request)
  const client = authenticateClient(request, form, context)
  const grantType = form.get('grant_type')
  context.world.sweep.old(context.clock.now())
  if (grantType === undefined) throw oauthError('invalid_request', 'grant_type is missing')
  if (otherGrants.has(grantType)) throw notImitated(`the grant ${grantType}`)
  const grant = grants.get(grantType)
  if (grant === undefined) throw oauthError('unsupported_grant_type', 'The grant_type is unknown')
  return Response.json(await grant({ client, form, query: new URL(request.url).searchParams }, context), {
    headers: { 'cache-control': 'no-store', pragma: 'no-cache' },
  })
}
