import * as z from 'zod'
import { formatPath } from '../collections/virtual-path.ts'
import { openOrigin } from '../https-data/data-client.ts'
import { randomUuid } from '../random.ts'
import { readBody } from '../transfer/call.ts'
import { dataAccessScope, needsConsent } from '../transfer/consent-required.ts'
import { badRequest, notImitated, permissionDenied, TransferError } from '../transfer/errors.ts'
import { managerScope, plainCollection, registerScopes } from '../transfer/plant-collections.ts'
import { rightsOf } from '../transfer/rights.ts'
import { missingSession } from '../transfer/session-required.ts'
import { findSharedFolder } from '../transfer/shared-folder.ts'
import type { Collection } from '../world/collections.ts'
import { collectionDocument } from './collection-document.ts'
import { toChanges } from './collections.ts'
import { requireManaged, type ManagerCall, type ManagerReply } from './manager-call.ts'
import { credentialsOf } from './storage-gateways.ts'

const body = z.looseObject({
  collection_type: z.string(),
  mapped_collection_id: z.guid(),
  collection_base_path: z.string(),
  display_name: z.string().min(1).max(128),
  identity_id: z.guid().nullish(),
  user_credential_id: z.guid().nullish(),
  description: z.string().max(4096).nullish(),
  keywords: z.array(z.string().max(1024)).nullish(),
  public: z.boolean().optional(),
  enable_https: z.boolean().nullish(),
})

/** `POST /api/collections`: a guest collection, which Transfer and HTTPS know at once. */
export async function createCollection(call: ManagerCall): Promise<ManagerReply> {
  const document = await readBody(call, body)
  if (document.collection_type !== 'guest') throw notImitated('making mapped collections')
  const host = requireManaged(document.mapped_collection_id, call)
  if (host.entityType !== 'GCSv5_mapped_collection') throw badRequest('mapped_collection_id is no mapped collection')
  requireConsent(host, call)
  requireFreshLogin(host, call)
  const { context, caller } = call
  const rights = rightsOf(host, caller, context)
  if (rights.refused !== null) throw permissionDenied('None of your identities has an account on the storage')
  const owner = ownerOf(document, call)
  const root = context.transfer.roots.rootOf(host)
  const folder = findSharedFolder(root, document.collection_base_path)
  const guest: Omit<Collection, 'deletedAt'> = {
    ...plainCollection,
    public: document.public ?? false,
    ...toChanges(document),
    displayName: document.display_name,
    id: randomUuid(context.random),
    owner,
    entityType: 'GCSv5_guest_collection',
    folder: host.folder,
    base: formatPath([...root.base, ...folder], true),
    host: { id: host.id, path: formatPath(folder, true) },
    ...inherited(host),
  }
  context.world.collections.put(guest)
  registerScopes(guest, context.world)
  const created = requireManaged(guest.id, call)
  if (created.https) await openOrigin(created, context)
  return { status: 201, message: `Created Collection ${guest.id}`, data: [collectionDocument(created, call)] }
}

/** What a guest collection cannot be without: the limits of the storage are those of its host. */
const inherited = (host: Collection): Partial<Collection> => ({
  highAssurance: host.highAssurance,
  authenticationTimeoutMins: host.authenticationTimeoutMins,
  domain: host.highAssurance ? host.domain : null,
  readOnly: host.readOnly,
  online: host.online,
  bytesPerSecond: host.bytesPerSecond,
  quotaBytes: host.quotaBytes,
  subscriptionId: host.subscriptionId,
})

function ownerOf(
  { identity_id: identity, user_credential_id: credential }: z.infer<typeof body>,
  call: ManagerCall,
): string {
  if (typeof identity === 'string' && !call.caller.identities.includes(identity))
    throw permissionDenied('identity_id is none of your identities')
  const known = credentialsOf(call)
  if (typeof credential === 'string' && !known.some(({ id }) => id === credential))
    throw new TransferError(422, 'UnprocessableEntity', `No such user credential '${credential}'`)
  return identity ?? call.caller.id
}

function requireConsent(host: Collection, { context, caller, endpoint }: ManagerCall): void {
  if (!needsConsent(host)) return
  const { scopes, consents } = context.world
  const [manage, access] = [scopes.find(managerScope(endpoint.id)), scopes.find(dataAccessScope(host.id))]
  if (manage === undefined || access === undefined) return
  const dependencies = [{ scope: access, optional: true, dependencies: [] }]
  const owner = { client: caller.client, identity: caller.id }
  if (consents.covers(owner, [{ scope: manage, optional: false, dependencies }])) return
  const required_scopes = [`${manage.scopeString}[${access.scopeString}]`]
  const message = 'Missing required data_access consent'
  throw new TransferError(403, 'ConsentRequired', message, {
    extra: { required_scopes, authorization_parameters: { session_message: message, required_scopes } },
  })
}

function requireFreshLogin(host: Collection, { context, caller }: ManagerCall): void {
  const missing = missingSession(host, caller.authentications, context)
  if (missing === undefined) return
  throw new TransferError(403, 'PermissionDenied', missing.message, {
    extra: {
      // globus-cli looks for this type of detail.
      detail: { DATA_TYPE: 'authentication_timeout#1.1.0', high_assurance: true, require_high_assurance: true },
      authorization_parameters: missing.parameters,
    },
  })
}
