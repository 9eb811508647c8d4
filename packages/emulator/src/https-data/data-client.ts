import type { World } from '../world.ts'
import type { Collection } from '../world/collections.ts'
import type { DataOrigins } from './origins.ts'

/** Where login sends the browser back to, on the origin of the collection. */
export const CALLBACK_PATH = '/.well-known/pierhead-login'

/** Whether the files of a collection can be had over HTTPS. */
export const servesFiles = ({ entityType, https }: Pick<Collection, 'entityType' | 'https'>): boolean =>
  entityType !== 'GCSv5_endpoint' && entityType.startsWith('GCSv5') && https

/** Whether something answers at an origin of its own: the files of a collection, or the manager of an endpoint. */
const hasOrigin = (collection: Collection): boolean =>
  collection.entityType === 'GCSv5_endpoint' || servesFiles(collection)

/** Opens the origin of a collection, and registers the client as which it sends browsers to log in. */
export async function openOrigin(collection: Collection, { world, origins }: Origins): Promise<string | null> {
  const origin = await origins.open(collection.id)
  registerDataClients({ world, origins })
  return origin
}

export async function openOrigins(context: Origins): Promise<void> {
  for (const collection of context.world.collections.all().filter(hasOrigin)) await context.origins.open(collection.id)
  registerDataClients(context)
}

interface Origins {
  readonly world: World
  readonly origins: DataOrigins
}

/** Registers the clients of all collections that have an origin: they go by the id of the collection. */
export function registerDataClients({ world, origins }: Origins): void {
  for (const collection of world.collections.all().filter(servesFiles)) {
    const origin = origins.of(collection.id)
    const redirectUri = `${origin}${CALLBACK_PATH}`
    if (origin === null || world.clients.find(collection.id)?.redirectUris.includes(redirectUri) === true) continue
    world.clients.put({
      id: collection.id,
      name: collection.displayName,
      clientType: 'globus_connect_server',
      parentClient: null,
      redirectUris: [redirectUri],
      privacyPolicy: null,
      termsAndConditions: null,
    })
  }
}
