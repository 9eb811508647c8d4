import type { EmulatorContext } from '../../context.ts'
import { authenticateClient } from '../../http/client-authentication.ts'
import { forbidden, unauthorized } from '../../http/error-documents.ts'
import type { Authentication } from '../../world/sessions.ts'
import { AUTH_RESOURCE_SERVER } from '../scope-table.ts'

/** Who calls an API of Globus Auth. */
export interface Caller {
  /** The app that holds the token, or the client that sent its own credentials. */
  readonly client: string
  /** The primary identity; a client's own when it acts for itself. */
  readonly identity: string
  /** Every identity of the account. */
  readonly identities: readonly string[]
  readonly scopes: ReadonlySet<string>
  readonly authentications: readonly Authentication[]
}

const AUTH = 'urn:globus:auth:scope:auth.globus.org:'

/**
 * Finds out who calls, by an access token for auth.globus.org or by the HTTP Basic credentials of a client, which then acts for itself.
 *
 * @throws ApiError 401 when it is neither
 */
export function authenticateCaller(request: Request, context: EmulatorContext): Caller {
  const header = request.headers.get('authorization') ?? ''
  if (/^basic /i.test(header)) {
    const { id } = authenticateClient(request, new Map(), context)
    return { client: id, identity: id, identities: [id], scopes: new Set(), authentications: [] }
  }
  const { world, clock } = context
  const bearer = /^bearer +([^\s]+)$/i.exec(header)?.[1]
  const token = bearer === undefined ? undefined : world.tokens.findLive(bearer, clock.now())
  if (token?.kind !== 'access' || token.resourceServer !== AUTH_RESOURCE_SERVER)
    throw unauthorized('Call must be authenticated')
  const session = token.authSession === null ? undefined : world.sessions.findAuthSession(token.authSession)
  return {
    client: token.client,
    identity: token.identity,
    identities: world.identities.account(token.identity).map(({ id }) => id),
    scopes: new Set(token.scope.split(' ')),
    authentications: session?.authentications ?? [],
  }
}

/** Whether the caller is a client that acts for itself. */
export const isClientItself = ({ client, identity }: Pick<Caller, 'client' | 'identity'>): boolean =>
  client === identity

/** @throws ApiError 403 when the caller's token has none of those scopes of Globus Auth, named by their last part */
export function requireScope({ scopes }: Caller, ...names: readonly [string, ...string[]]): void {
  if (!names.some((name) => scopes.has(AUTH + name))) throw forbidden(`The token lacks the scope ${AUTH}${names[0]}`)
}
