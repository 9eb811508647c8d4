import type { World } from '../world.ts'
import type { Collection } from '../world/collections.ts'

type Worlds = Pick<World, 'collections'>

/** The Globus Connect Server endpoint that a collection lies on: its owner's, or that of the collection it was made on. */
export function hostingEndpoint(collection: Collection, world: Worlds): Collection | undefined {
  if (!collection.entityType.startsWith('GCSv5')) return undefined
  if (collection.entityType === 'GCSv5_endpoint') return collection
  const host = collection.host === null ? undefined : world.collections.find(collection.host.id)
  const { owner } = host ?? collection
  const endpoints = world.collections.all().filter(({ entityType }) => entityType === 'GCSv5_endpoint')
  return endpoints.find((endpoint) => endpoint.owner === owner) ?? endpoints[0]
}

/** The collections that lie on an endpoint. */
export const collectionsOn = (endpoint: Collection, world: Worlds): readonly Collection[] =>
  world.collections
    .all()
    .filter((collection) => collection.id !== endpoint.id && hostingEndpoint(collection, world)?.id === endpoint.id)
