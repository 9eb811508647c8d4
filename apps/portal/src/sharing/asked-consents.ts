import { AuthorizationRequirementsError, type LoginSession, type SessionStore } from 'pierhead'
import type { PortalContext } from '../context.ts'
import { createVault } from '../vault.ts'
import type { Host } from './host.ts'

/**
 * Which collections a session has asked its consent for. A token shows that its person may be asked something of a server, and
 * not of which of its collections: that shows only when the server is called, which is too late for a form.
 */
export interface AskedConsents {
  /** True once for each session and collection; the session asks then. */
  isFirst(session: LoginSession, collection: string): Promise<boolean>
}

/** Milliseconds. Longer than a session lasts. */
const kept = 8 * 86_400_000

interface AskedConsentsOptions {
  readonly store: SessionStore
  /** Those of the sessions; the first one counts. */
  readonly secrets: readonly string[]
  /** Epoch milliseconds. */
  readonly now: () => number
}

export function createAskedConsents({ now, secrets: [secret = ''], store }: AskedConsentsOptions): AskedConsents {
  const vault = createVault(secret, 'consents that were asked for')
  return {
    isFirst(session, collection) {
      const id = `asked:${vault.idOf(`${session.id} ${collection.toLowerCase()}`)}`
      return store.create(id, '', { subject: id, expiresAt: now() + kept })
    },
  }
}

/** Whether a token has the scope, apart from consents of collections below it. */
export function holds({ tokens }: LoginSession, scope: string): boolean {
  const [own = ''] = scope.split('[', 1)
  return tokens.some(({ scopes }) => scopes.includes(own))
}

/**
 * Asks for the consent that making a guest collection here takes, once it is known that nothing else is in the way. Globus comes
 * back by itself where the consent is there already.
 * @throws AuthorizationRequirementsError when the session has not asked for this collection yet
 */
export async function askConsent(
  { askedConsents }: Pick<PortalContext, 'askedConsents'>,
  host: Host,
  session: LoginSession,
): Promise<void> {
  if (host.kind !== 'server' || !host.collection.needsConsent) return
  if (!(await askedConsents.isFirst(session, host.collection.id))) return
  const origin = { service: 'of the storage', resourceServer: host.manager.endpointId }
  throw new AuthorizationRequirementsError({ requiredScopes: [host.scope] }, origin)
}
