import type { EmulatorContext } from '../context.ts'
import { accountOf, type Account } from '../transfer/account.ts'
import type { Authentication } from '../world/sessions.ts'

/** Who sends a request to a service, by what app, with which scopes and logins. */
export interface ServiceCaller extends Account {
  readonly client: string
  readonly scopes: ReadonlySet<string>
  readonly authentications: readonly Authentication[]
}

/** `missing`: no bearer token at all. `invalid`: none of this service, or no longer alive. */
export type NoCaller = 'missing' | 'invalid'

/** Finds out who sends a request, by an access token for that resource server. */
export function callerOf(
  request: Request,
  resourceServer: string,
  context: Pick<EmulatorContext, 'world' | 'clock'>,
): ServiceCaller | NoCaller {
  const { world, clock } = context
  const bearer = /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (bearer === undefined) return 'missing'
  const token = world.tokens.findLive(bearer, clock.now())
  if (token?.kind !== 'access' || token.resourceServer !== resourceServer) return 'invalid'
  const session = token.authSession === null ? undefined : world.sessions.findAuthSession(token.authSession)
  return {
    ...accountOf(token.identity, context),
    client: token.client,
    scopes: new Set(token.scope.split(' ')),
    authentications: session?.authentications ?? [],
  }
}
