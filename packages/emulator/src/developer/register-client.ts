import { withdrawConsent, withdrawConsents } from '../auth/withdraw-consent.ts'
import { putClientIdentity } from '../auth/client-identity.ts'
import type { Clock } from '../clock.ts'
import { randomSecret, randomUuid, type RandomBytes } from '../random.ts'
import type { World } from '../world.ts'
import { isPublic, type Client, type Credential, type NewClient } from '../world/clients.ts'

/** What registering works with. */
export interface RegistrationTools {
  readonly world: World
  readonly clock: Clock
  readonly random: RandomBytes
}

/** Makes a client under a new id, with an identity of its own unless it is public. Runs in the caller's transaction. */
export function registerClient(registration: Omit<NewClient, 'id'>, { world, random }: RegistrationTools): Client {
  const id = randomUuid(random)
  world.clients.put({ ...registration, id })
  const client = world.clients.find(id)
  if (client === undefined) throw new Error('The client was not stored')
  if (!isPublic(client)) putClientIdentity(client, world)
  return client
}

/** Makes a secret for a client. */
export function addCredential(client: string, name: string, { world, clock, random }: RegistrationTools): Credential {
  const secret = randomSecret(random)
  const credential = { id: randomUuid(random), client, name, secret, createdAt: clock.now() }
  world.clients.addCredential(credential)
  return credential
}

/**
 * Deletes a client, with its scopes, its tokens, what people allowed it, and what it was allowed itself. Its identity stays behind, closed.
 * Runs in the caller's transaction.
 */
export function removeClient(client: Client, tools: RegistrationTools): void {
  const { world } = tools
  for (const { scopeString } of world.scopes.ownedBy(client.id)) removeScope(scopeString, tools)
  for (const owner of [{ client: client.id }, { identity: client.id }]) withdrawConsents(owner, tools)
  const identity = world.identities.find(client.id)
  if (identity !== undefined) world.identities.put({ ...identity, status: 'closed' })
  world.clients.remove(client.id)
}

/** Deletes a scope, with every consent to it and the tokens that rest on one. Runs in the caller's transaction. */
export function removeScope(scopeString: string, tools: RegistrationTools): void {
  for (const { id } of tools.world.consents.ofScope(scopeString)) withdrawConsent(id, tools)
  tools.world.scopes.remove(scopeString)
}
