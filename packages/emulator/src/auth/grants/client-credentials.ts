import type { EmulatorContext } from '../../context.ts'
import { oauthError } from '../../http/error-documents.ts'
import { randomUuid } from '../../random.ts'
import { isPublic } from '../../world/clients.ts'
import { signIdTokenBeside } from '../id-token.ts'
import { issueTokens, tokenDocument } from '../issue-tokens.ts'
import { requestedScopes } from '../requested-scopes.ts'
import type { GrantRequest } from '../token.ts'

/**
 * `grant_type=client_credentials`: the client acts as its own identity. What it asks for, with everything in brackets, counts as
 * consented by that identity from then on. There are no refresh tokens (RFC 6749 section 4.4.3).
 */
export async function clientCredentials({ client, form }: GrantRequest, context: EmulatorContext): Promise<object> {
  if (isPublic(client)) throw oauthError('unauthorized_client', 'A public client has no identity of its own')
  const consents = requestedScopes(form.get('scope') ?? '', context)
  if (consents.length === 0) throw oauthError('invalid_scope', 'scope is missing')
  const { world, clock, random } = context
  const who = { client: client.id, identity: client.id }
  const tokens = world.transaction(() => {
    world.consents.grant(who, consents, clock.now())
    const session = { authSession: randomUuid(random), grantId: randomUuid(random) }
    const scopes = consents.map(({ scope }) => scope)
    return issueTokens({ ...who, ...session, scopes, offline: false }, context)
  })
  const about = { clientId: client.id, identity: client.id, nonce: null }
  return tokenDocument(tokens, { state: null, idToken: await signIdTokenBeside(tokens, about, context) })
}
