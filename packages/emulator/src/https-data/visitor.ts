import type { EmulatorContext } from '../context.ts'
import { readCookies } from '../http/cookies.ts'
import { accountOf, type Account } from '../transfer/account.ts'
import { dataAccessScope, needsConsent } from '../transfer/consent-required.ts'
import { TransferError } from '../transfer/errors.ts'
import { httpsScope } from '../transfer/plant-collections.ts'
import type { Collection } from '../world/collections.ts'
import type { Authentication } from '../world/sessions.ts'
import type { Token } from '../world/tokens.ts'

/** Who asks for a file: somebody by a token or by the cookie of an earlier login, or nobody known. */
export type Visitor =
  | { readonly by: 'nobody' }
  | {
      readonly by: 'token' | 'cookie'
      readonly account: Account
      readonly authentications: readonly Authentication[]
    }

/** The scopes that reading and writing files of a collection takes. */
export const fileScopes = (collection: Collection, { behaviour }: Pick<EmulatorContext, 'behaviour'>): string[] => [
  httpsScope(collection.id),
  ...(behaviour.dataAccessForFiles && needsConsent(collection) ? [dataAccessScope(collection.id)] : []),
]

/** The cookie of a login with a collection. Cookies ignore ports, so its name holds the id. */
export const visitorCookie = ({ id }: Pick<Collection, 'id'>): string => `pierhead_data_${id}`

/**
 * Finds out who asks.
 *
 * @throws TransferError 401 for a token that is unknown, over, or for something else; 403 for one that lacks a scope
 */
export function findVisitor(request: Request, collection: Collection, context: EmulatorContext): Visitor {
  const header = request.headers.get('authorization')
  if (header !== null) return byToken(/^bearer +(\S+)$/i.exec(header)?.[1] ?? '', collection, context)
  // A form or a script of another page could send the cookie along: it reads only.
  if (request.method !== 'GET' && request.method !== 'HEAD') return { by: 'nobody' }
  const cookie = readCookies(request).get(visitorCookie(collection))
  const token = cookie === undefined ? undefined : liveToken(cookie, collection, context)
  if (token === undefined || missingScopes(token, collection, context).length > 0) return { by: 'nobody' }
  return visitorOf(token, 'cookie', context)
}

function byToken(value: string, collection: Collection, context: EmulatorContext): Visitor {
  const token = liveToken(value, collection, context)
  if (token === undefined) {
    throw new TransferError(401, context.behaviour.authenticationFailedCode, 'Token is not active', {
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    })
  }
  const missing = missingScopes(token, collection, context)
  if (missing.length > 0) {
    const message = `Missing required consent for ${collection.displayName}`
    const required_scopes = fileScopes(collection, context)
    throw new TransferError(403, 'ConsentRequired', message, {
      extra: { required_scopes, authorization_parameters: { session_message: message, required_scopes } },
      headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${required_scopes.join(' ')}"` },
    })
  }
  return visitorOf(token, 'token', context)
}

function liveToken(value: string, { id }: Collection, { world, clock }: EmulatorContext): Token | undefined {
  const token = world.tokens.findLive(value, clock.now())
  return token?.kind === 'access' && token.resourceServer === id ? token : undefined
}

/** A scope counts when the token has it, or when the person let the app have it below `https`. */
function missingScopes(token: Token, collection: Collection, context: EmulatorContext): readonly string[] {
  const held = token.scope.split(' ')
  const { scopes, consents } = context.world
  const isBelow = (scopeString: string): boolean => {
    const [https, scope] = [scopes.find(httpsScope(collection.id)), scopes.find(scopeString)]
    if (https === undefined || scope === undefined) return false
    const dependencies = [{ scope, optional: true, dependencies: [] }]
    return held.includes(https.scopeString) && consents.covers(token, [{ scope: https, optional: false, dependencies }])
  }
  return fileScopes(collection, context).filter((scope) => !held.includes(scope) && !isBelow(scope))
}

function visitorOf(token: Token, by: 'token' | 'cookie', context: EmulatorContext): Visitor {
  const session = token.authSession === null ? undefined : context.world.sessions.findAuthSession(token.authSession)
  return { by, account: accountOf(token.identity, context), authentications: session?.authentications ?? [] }
}
