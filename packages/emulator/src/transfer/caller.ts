import type { EmulatorContext } from '../context.ts'
import type { Authentication } from '../world/sessions.ts'
import type { Token } from '../world/tokens.ts'
import { accountOf, type Account } from './account.ts'
import { permissionDenied, TransferError } from './errors.ts'
import { paces } from './options.ts'

/** The scope that every call of Transfer needs. */
export const TRANSFER_SCOPE = 'urn:globus:auth:scope:transfer.api.globus.org:all'

/** Who sends a request, by what app, and with which logins. */
export interface Caller extends Account {
  readonly client: string
  readonly authentications: readonly Authentication[]
}

/**
 * Finds out who sends a request.
 *
 * @throws TransferError 401 for a missing, unknown, expired or foreign token, 403 for one without the scope, 429 for too many requests
 */
export function authenticateCaller(request: Request, context: EmulatorContext): Caller {
  const token = requireToken(request, context)
  if (!token.scope.split(' ').includes(TRANSFER_SCOPE))
    throw permissionDenied(`The token lacks the scope ${TRANSFER_SCOPE}`)
  const account = accountOf(token.identity, context)
  limitRequests(account, context)
  const session = token.authSession === null ? undefined : context.world.sessions.findAuthSession(token.authSession)
  return { ...account, client: token.client, authentications: session?.authentications ?? [] }
}

function requireToken(request: Request, { world, clock, behaviour }: EmulatorContext): Token {
  const refuse = (message: string): TransferError => new TransferError(401, behaviour.authenticationFailedCode, message)
  const bearer = /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (bearer === undefined) throw refuse('An access token is required')
  const token = world.tokens.findLive(bearer, clock.now())
  if (token?.kind !== 'access' || token.resourceServer !== 'transfer.api.globus.org')
    throw refuse('Token is not active')
  return token
}

const WINDOW = 10_000

function limitRequests(account: Account, { transfer, behaviour, clock }: EmulatorContext): void {
  const allowed = paces[behaviour.pace].requestsPerTenSeconds
  if (allowed === null) return
  const now = clock.now()
  const recent = (transfer.requests.get(account.id) ?? []).filter((at) => at > now - WINDOW)
  transfer.requests.set(account.id, recent)
  if (recent.length < allowed) {
    recent.push(now)
    return
  }
  const seconds = Math.ceil(((recent[0] ?? now) + WINDOW - now) / 1000)
  throw new TransferError(429, 'TooManyRequests', 'Too many requests; the limit is 20 a second over ten seconds', {
    headers: behaviour.retryAfter ? { 'retry-after': String(Math.max(1, seconds)) } : {},
  })
}
