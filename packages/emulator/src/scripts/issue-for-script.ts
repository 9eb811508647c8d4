import { issueTokens, tokenDocument } from '../auth/issue-tokens.ts'
import { signIdTokenBeside } from '../auth/id-token.ts'
import { parseScopes, ScopeSyntaxError } from '../auth/scope-grammar.ts'
import { planConsents, unknownScopes } from '../auth/scope-tree.ts'
import type { EmulatorContext } from '../context.ts'
import { randomUuid } from '../random.ts'
import type { ConsentRequest } from '../world/consents.ts'
import { requireClient, requirePerson } from './find-person.ts'

/** Whose consent is given without asking. */
export interface ConsentGrant {
  /** Id or name of the client. */
  readonly client: string
  /** Id, username or name. */
  readonly identity: string
  /** Scopes with everything in brackets, as in an authorization request. */
  readonly scopes: string | readonly string[]
}

/** Tokens that a script wants without a login. */
export interface TokenOrder extends ConsentGrant {
  /** Seconds the access tokens live. Default: as the emulator's `accessTokenLifetime` says. */
  readonly lifetime?: number | undefined
  /** Whether there are refresh tokens too. Default true. */
  readonly refreshTokens?: boolean | undefined
}

/** The answer of the token endpoint. */
export interface TokenResponse {
  readonly access_token: string
  readonly token_type: string
  readonly expires_in: number
  readonly resource_server: string
  readonly scope: string
  readonly refresh_token?: string
  readonly id_token?: string
  readonly other_tokens: readonly Omit<TokenResponse, 'id_token' | 'other_tokens'>[]
}

/**
 * Gives tokens as if that person had just logged in to that client and allowed everything.
 *
 * @throws TypeError for a client, identity or scope that does not exist
 */
export async function issueForScript(order: TokenOrder, context: EmulatorContext): Promise<TokenResponse> {
  const { world, clock, random, behaviour } = context
  const { lifetime = behaviour.accessTokenLifetime } = order
  const { owner, login, consents } = readGrant(order, context)
  if (consents.length === 0) throw new TypeError('scopes must name at least one scope')
  const session = { authSession: randomUuid(random), grantId: randomUuid(random) }
  const at = clock.now()
  const tokens = world.transaction(() => {
    world.consents.grant(owner, consents, at)
    const authentications = [{ identity: login.id, authTime: at, mfa: login.mfa }]
    world.sessions.recordAuthSession({ id: session.authSession, ...owner, authentications, createdAt: at })
    const grant = { ...owner, ...session, scopes: consents.map(({ scope }) => scope) }
    const living = { ...context, behaviour: { ...behaviour, accessTokenLifetime: lifetime } }
    return issueTokens({ ...grant, offline: order.refreshTokens ?? true }, living)
  })
  const about = { clientId: owner.client, identity: owner.identity, nonce: null }
  const idToken = await signIdTokenBeside(tokens, about, context)
  // tokenDocument makes exactly this; its own type leaves the names open.
  return tokenDocument(tokens, { state: null, idToken }) as TokenResponse
}

/** Records consent as if the person had allowed it. @throws TypeError as above @returns how many places of the tree are allowed now */
export function preApprove(grant: ConsentGrant, context: EmulatorContext): number {
  const { owner, consents } = readGrant(grant, context)
  context.world.transaction(() => context.world.consents.grant(owner, consents, context.clock.now()))
  return context.world.consents.list(owner).length
}

function readGrant({ client, identity, scopes }: ConsentGrant, { world }: EmulatorContext) {
  const login = requirePerson(world, identity)
  const owner = { client: requireClient(world, client).id, identity: login.primaryIdentity }
  return { owner, login, consents: readScopes(typeof scopes === 'string' ? scopes : scopes.join(' '), world) }
}

function readScopes(scopes: string, world: EmulatorContext['world']): readonly ConsentRequest[] {
  try {
    const graph = parseScopes(scopes)
    const unknown = unknownScopes(graph, world.scopes)
    if (unknown.length > 0) throw new TypeError(`No service has registered ${unknown.join(', ')}`)
    return planConsents(graph, world.scopes)
  } catch (error) {
    if (error instanceof ScopeSyntaxError) throw new TypeError(`scopes: ${error.message}`, { cause: error })
    throw error
  }
}
