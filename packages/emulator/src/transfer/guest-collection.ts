import * as z from 'zod'
import { formatPath } from '../collections/virtual-path.ts'
import { randomUuid } from '../random.ts'
import type { Collection } from '../world/collections.ts'
import { plainCollection, registerScopes } from './plant-collections.ts'
import { readBody, result, type Call, type Reply } from './call.ts'
import { badRequest, permissionDenied } from './errors.ts'
import { openCollection } from './open-collection.ts'
import { findSharedFolder } from './shared-folder.ts'

const body = z.looseObject({
  DATA_TYPE: z.literal('shared_endpoint').optional(),
  host_endpoint: z.guid(),
  host_path: z.string(),
  display_name: z.string().min(1).max(128),
  description: z.string().nullish(),
  organization: z.string().nullish(),
  keywords: z.string().nullish(),
  public: z.boolean().nullish(),
})

/** `POST /v0.10/shared_endpoint`: a guest collection on a Globus Connect Personal one. */
export async function createSharedEndpoint(call: Call): Promise<Reply> {
  const document = await readBody(call, body)
  const open = openCollection(document.host_endpoint, { pausable: null, failure: 'ShareFailed' }, call)
  const { collection: host } = open
  if (host.entityType !== 'GCP_mapped_collection')
    throw badRequest('Guest collections on Globus Connect Server are made through its GCS manager')
  if (!call.caller.identities.includes(host.owner))
    throw permissionDenied('Only the owner may share from this collection')
  const path = findSharedFolder(open.root, document.host_path)
  const id = randomUuid(call.context.random)
  const guest: Omit<Collection, 'deletedAt'> = {
    ...plainCollection,
    id,
    owner: call.caller.id,
    displayName: document.display_name,
    entityType: 'GCP_guest_collection',
    folder: host.folder,
    base: formatPath([...open.root.base, ...path], true),
    description: document.description ?? null,
    organization: document.organization ?? host.organization,
    keywords: document.keywords ?? null,
    public: document.public ?? false,
    host: { id: host.id, path: formatPath(path, true) },
  }
  call.context.world.collections.put(guest)
  registerScopes(guest, call.context.world)
  return result(call, ['Created', 'Shared endpoint created successfully'], {
    status: 201,
    dataType: 'endpoint_create_result',
    extra: { id, globus_connect_setup_key: null },
  })
}
