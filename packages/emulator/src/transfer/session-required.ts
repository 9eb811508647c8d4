import type { EmulatorContext } from '../context.ts'
import type { Collection } from '../world/collections.ts'
import type { Authentication } from '../world/sessions.ts'
import { domainOf } from './account.ts'
import type { Call } from './call.ts'
import { externalError, TransferError } from './errors.ts'

/**
 * Checks the login itself: a high-assurance collection wants one with an identity of its own domain, not long ago.
 *
 * @throws TransferError with `authorization_parameters` that say what login would do
 */
export function requireSession(collection: Collection, failure: string, { caller, context }: Call): void {
  const missing = missingSession(collection, caller.authentications, context)
  if (missing === undefined) return
  const extra = { authorization_parameters: missing.parameters }
  throw context.behaviour.stepUpAnswer === 'LoginFailed' && failure !== 'TransferFailed'
    ? externalError(`${failure}.LoginFailed`, missing.message, extra)
    : new TransferError(403, 'PermissionDenied', missing.message, { extra })
}

/** The login that a collection still wants. */
export interface MissingSession {
  readonly message: string
  /** In the words of the authorization request. */
  readonly parameters: Readonly<Record<string, unknown>>
}

/** What login would have to do before the collection lets somebody in; undefined when nothing. */
export function missingSession(
  collection: Collection,
  authentications: readonly Authentication[],
  context: Pick<EmulatorContext, 'world' | 'clock'>,
): MissingSession | undefined {
  const { domain, highAssurance, authenticationTimeoutMins } = collection
  if (!highAssurance || domain === null) return undefined
  const username = (id: string): string => context.world.identities.find(id)?.username ?? ''
  const fitting = authentications.filter(({ identity }) => domainOf(username(identity)) === domain)
  const oldest = context.clock.now() - (authenticationTimeoutMins ?? Infinity) * 60_000
  if (fitting.some(({ authTime }) => authTime >= oldest)) return undefined
  const stale = fitting.length > 0
  const message = stale
    ? `Your login with ${domain} is too old for ${collection.displayName}: log in again`
    : `${collection.displayName} requires a login with an identity of ${domain}`
  const parameters = {
    session_message: message,
    session_required_single_domain: [domain],
    // Only a login that is asked for makes an old one fresh.
    ...(stale ? { prompt: 'login' } : {}),
  }
  return { message, parameters }
}
