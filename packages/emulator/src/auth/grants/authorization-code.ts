import { createHash } from 'node:crypto'
import type { EmulatorContext } from '../../context.ts'
import type { Parameters } from '../../http/body.ts'
import { equalsSecret } from '../../http/client-authentication.ts'
import { oauthError } from '../../http/error-documents.ts'
import type { AuthorizationRequest } from '../../world/authorization-request.ts'
import type { Client } from '../../world/clients.ts'
import type { Code } from '../../world/codes.ts'
import type { Scope } from '../../world/scopes.ts'
import { consentsOf } from '../authorization-steps.ts'
import { signIdTokenBeside } from '../id-token.ts'
import { issueTokens, tokenDocument, type IssuedToken } from '../issue-tokens.ts'
import type { GrantRequest } from '../token.ts'

/** `grant_type=authorization_code`: a code becomes tokens, once. */
export async function redeemCode({ client, form, query }: GrantRequest, context: EmulatorContext): Promise<object> {
  const value = form.get('code')
  if (value === undefined) throw oauthError('invalid_request', 'code is missing')
  const code = requireCode(value, client, context)
  checkRedirectUri(code.request, form)
  checkPkce(code.request, form)
  const everything = query.get('include_consented_scopes')?.toLowerCase() === 'true'
  const tokens = takeCode(value, { code, everything }, context)
  if (tokens === undefined) throw refuseReuse(code, context)
  const { client: clientId, identity, request } = code
  const idToken = await signIdTokenBeside(tokens, { clientId, identity, nonce: request.nonce }, context)
  return tokenDocument(tokens, { state: request.state, idToken })
}

function requireCode(value: string, client: Client, context: EmulatorContext): Code {
  const code = context.world.codes.find(value)
  if (code === undefined) throw oauthError('invalid_grant', 'The code is unknown')
  if (code.client !== client.id) throw oauthError('invalid_grant', 'The code was issued to another client')
  if (code.usedAt !== null) throw refuseReuse(code, context)
  if (code.expiresAt <= context.clock.now()) throw oauthError('invalid_grant', 'The code has expired')
  return code
}

function checkRedirectUri(request: AuthorizationRequest, form: Parameters): void {
  if (form.get('redirect_uri') !== request.redirectUri) {
    throw oauthError('invalid_grant', 'redirect_uri differs from the one of the authorization request')
  }
}

function checkPkce(request: AuthorizationRequest, form: Parameters): void {
  const verifier = form.get('code_verifier')
  if (request.codeChallenge === null) {
    // A verifier without a challenge means that somebody removed the challenge on the way (RFC 9700 section 2.1.1).
    if (verifier !== undefined) throw oauthError('invalid_grant', 'code_verifier without a code_challenge before')
    return
  }
  if (verifier === undefined) throw oauthError('invalid_grant', 'code_verifier is missing')
  const plain = request.codeChallengeMethod === 'plain'
  const challenge = plain ? verifier : createHash('sha256').update(verifier).digest('base64url')
  if (!equalsSecret(request.codeChallenge, challenge)) throw oauthError('invalid_grant', 'code_verifier does not fit')
}

interface Redemption {
  readonly code: Code
  /** Whether to give tokens for all that the person ever allowed the app (`include_consented_scopes`, which `@globus/sdk` sends). */
  readonly everything: boolean
}

/** Takes the code and issues its tokens together, so that no crash separates them; undefined when another request was faster. */
function takeCode(
  value: string,
  { code, everything }: Redemption,
  context: EmulatorContext,
): readonly IssuedToken[] | undefined {
  const { world, clock } = context
  const asked = consentedScopes(code, context)
  const scopes = everything
    ? Array.from(new Map([...asked, ...allowedScopes(code, context)].map((scope) => [scope.id, scope])).values())
    : asked
  const grant = {
    client: code.client,
    identity: code.identity,
    authSession: code.authSession,
    grantId: code.fingerprint,
  }
  return world.transaction(() =>
    world.codes.take(value, clock.now())
      ? issueTokens({ ...grant, scopes, offline: code.request.offline }, context)
      : undefined,
  )
}

/** The scopes of the request, without the optional ones that the person declined. */
function consentedScopes(code: Code, context: EmulatorContext): readonly Scope[] {
  const roots = consentsOf(code.request, context)
  const consented = roots.filter(({ scope }) => context.world.consents.place(code, scope.scopeString) !== undefined)
  if (roots.some((root) => !root.optional && !consented.includes(root)))
    throw oauthError('invalid_grant', 'The consent was withdrawn')
  return consented.map(({ scope }) => scope)
}

/** Every scope at the root of what the person allowed the app. */
const allowedScopes = (code: Code, { world }: EmulatorContext): readonly Scope[] =>
  world.consents
    .list(code)
    .filter(({ parent }) => parent === null)
    .flatMap(({ scope }) => world.scopes.find(scope) ?? [])

function refuseReuse(code: Code, { world, behaviour, clock }: EmulatorContext): Error {
  if (behaviour.codeReuseRevokes) world.tokens.revokeGrant(code.fingerprint, clock.now())
  return oauthError('invalid_grant', 'The code was used before')
}
