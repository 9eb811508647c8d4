import type { EmulatorContext } from '../context.ts'
import { randomToken } from '../random.ts'
import type { Scope } from '../world/scopes.ts'
import type { TokenGrant } from '../world/tokens.ts'
import { AUTH_RESOURCE_SERVER } from './scope-table.ts'

/** What was allowed, before it is split over resource servers. */
export interface Grant extends Pick<TokenGrant, 'client' | 'identity' | 'authSession' | 'grantId'> {
  /** The root scopes, in the order of their first mention. */
  readonly scopes: readonly Scope[]
  /** Whether refresh tokens are given too. */
  readonly offline: boolean
  /** The consent behind each scope string. Default: the places at the root of the client's tree. */
  readonly consents?: ReadonlyMap<string, number>
}

export interface IssuedToken {
  readonly accessToken: string
  readonly expiresIn: number
  readonly resourceServer: string
  readonly scope: string
  readonly refreshToken: string | undefined
}

/** Issues one token per resource server, the one of Globus Auth first, the others by first mention. Runs in the caller's transaction. */
export function issueTokens(grant: Grant, context: EmulatorContext): readonly IssuedToken[] {
  const { client, identity, authSession, grantId } = grant
  return byResourceServer(grant.scopes).map(([resourceServer, scopes]) => {
    // Globus Auth does not keep the requested order either, and clients must not rely on it.
    const scope = scopes
      .map(({ scopeString }) => scopeString)
      .toSorted()
      .join(' ')
    const consents = consentsBehind(grant, scopes, context)
    const tokenGrant = { client, identity, authSession, grantId, resourceServer, scope, consents }
    const refreshable = grant.offline && scopes.every(({ allowsRefreshToken }) => allowsRefreshToken)
    const refreshToken = refreshable ? issueRefreshToken(tokenGrant, context) : undefined
    return { ...issueAccessToken(tokenGrant, context), refreshToken }
  })
}

function consentsBehind(grant: Grant, scopes: readonly Scope[], { world, clock }: EmulatorContext): readonly number[] {
  const ids = scopes.flatMap(
    ({ scopeString }) => grant.consents?.get(scopeString) ?? world.consents.place(grant, scopeString)?.id ?? [],
  )
  world.consents.touch(ids, clock.now())
  return ids
}

export function issueAccessToken(grant: TokenGrant, context: EmulatorContext): Omit<IssuedToken, 'refreshToken'> {
  const { world, clock, random, behaviour } = context
  const now = clock.now()
  const accessToken = randomToken(random)
  world.tokens.issue(accessToken, 'access', grant, { from: now, until: now + behaviour.accessTokenLifetime * 1000 })
  return {
    accessToken,
    expiresIn: behaviour.accessTokenLifetime,
    resourceServer: grant.resourceServer,
    scope: grant.scope,
  }
}

/** The token response: the first token on top, the others in `other_tokens`, which is always there. */
export function tokenDocument(
  tokens: readonly IssuedToken[],
  extra: { state: string | null; idToken: string | null },
): object {
  const [first, ...others] = tokens.map((token) => ({
    access_token: token.accessToken,
    token_type: 'Bearer',
    expires_in: token.expiresIn,
    resource_server: token.resourceServer,
    scope: token.scope,
    ...(extra.state === null ? {} : { state: extra.state }),
    ...(token.refreshToken === undefined ? {} : { refresh_token: token.refreshToken }),
  }))
  return { ...first, ...(extra.idToken === null ? {} : { id_token: extra.idToken }), other_tokens: others }
}

function issueRefreshToken(grant: TokenGrant, { world, clock, random, behaviour }: EmulatorContext): string {
  const now = clock.now()
  const refreshToken = randomToken(random)
  world.tokens.issue(refreshToken, 'refresh', grant, { from: now, until: now + behaviour.refreshTokenLifetime * 1000 })
  return refreshToken
}

function byResourceServer(scopes: readonly Scope[]): readonly (readonly [string, readonly Scope[]])[] {
  const groups = Map.groupBy(scopes, ({ resourceServer }) => resourceServer)
  const rank = ([resourceServer]: readonly [string, unknown]): number =>
    resourceServer === AUTH_RESOURCE_SERVER ? 0 : 1
  return Array.from(groups).toSorted((one, other) => rank(one) - rank(other))
}
