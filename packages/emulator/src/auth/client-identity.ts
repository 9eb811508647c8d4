import type { World } from '../world.ts'
import type { Client } from '../world/clients.ts'
import { CLIENT_IDENTITY_PROVIDER } from '../world/identities.ts'

/**
 * Gives a client that keeps a secret its own identity, `<id>@clients.auth.globus.org`, by which it acts without a person. Its id is the
 * client's.
 */
export function putClientIdentity(
  client: Pick<Client, 'id' | 'name'>,
  { identities }: Pick<World, 'identities'>,
): void {
  identities.put({
    id: client.id,
    username: `${client.id}@clients.auth.globus.org`,
    name: client.name,
    email: null,
    organization: null,
    identityProvider: CLIENT_IDENTITY_PROVIDER,
    identityType: null,
    status: 'used',
    primaryIdentity: client.id,
    password: null,
    mfa: false,
  })
}
