import type { Clock } from '../clock.ts'
import type { World } from '../world.ts'
import type { ConsentOwner } from '../world/consents.ts'

interface Tools {
  readonly world: World
  readonly clock: Clock
}

/** Withdraws a consent and all below it; the tokens that rest on them die at once. Runs in the caller's transaction. */
export function withdrawConsent(id: number, { world, clock }: Tools): void {
  world.tokens.revokeResting(world.consents.remove(id), clock.now())
}

/**
 * Withdraws everything that was allowed to a client, by an identity, or both; the tokens die, those that services behind hold in their own
 * name too. Runs in the caller's transaction.
 *
 * @returns how many consents and tokens went
 */
export function withdrawConsents(
  owner: Partial<ConsentOwner>,
  { world, clock }: Tools,
): { consents: number; tokens: number } {
  const gone = world.consents.idsOf(owner)
  const consents = world.consents.rescind(owner)
  const own = world.tokens.revokeOwned(owner, clock.now())
  return { consents, tokens: own + world.tokens.revokeResting(gone, clock.now()) }
}
