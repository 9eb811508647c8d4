import * as z from 'zod'
import { formatPath } from '../collections/virtual-path.ts'
import { openOrigin } from '../https-data/data-client.ts'
import { randomUuid } from '../random.ts'
import { domainOf } from '../transfer/account.ts'
import { readBody } from '../transfer/call.ts'
import { dataAccessScope, needsConsent } from '../transfer/consent-required.ts'
import { badRequest, notImitated, TransferError } from '../transfer/errors.ts'
import { managerScope, plainCollection, registerScopes } from '../transfer/plant-collections.ts'
import { rightsOf } from '../transfer/rights.ts'
import { missingSession } from '../transfer/session-required.ts'
import { findSharedFolder } from '../transfer/shared-folder.ts'
import type { Collection } from '../world/collections.ts'
import { collectionDocument } from './collection-document.ts'
import { toChanges } from './collections.ts'
import { requireManaged, type ManagerCall, type ManagerReply } from './manager-call.ts'
import { credentialsOf, gatewayOf } from './storage-gateways.ts'

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
  if (rights.refused !== null) throw foreignDomain(host, 'None of your identities has an account on the storage')
  if (!host.allowGuestCollections) throw permissionDenied(`Guest collections are not allowed on '${host.displayName}'`)
  const owner = ownerOf(document, host, call)
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

/** The identity that the collection will belong to. The credential, its account on the storage, must be its own. */
function ownerOf(
  { identity_id: identity, user_credential_id: credential }: z.infer<typeof body>,
  host: Collection,
  call: ManagerCall,
): string {
  const owner = identity ?? call.caller.id
  if (!call.caller.identities.includes(owner))
    throw permissionDenied('identity_id is none of your identities', 'id_not_in_identity_set', { identity_id: owner })
  if (typeof credential !== 'string') throw unprocessable('user_credential_id', 'user_credential_id is required')
  const gateway = gatewayOf(call.endpoint, host).id
  const known = credentialsOf(call).find(({ id }) => id === credential)
  if (known?.storage_gateway_id !== gateway)
    throw unprocessable('user_credential_id', `No such user credential '${credential}'`)
  if (known.identity_id !== owner)
    throw unprocessable('user_credential_id', `The user credential '${credential}' is not that of '${owner}'`)
  return owner
}

const unprocessable = (property: string, message: string): TransferError =>
  new TransferError(422, 'UnprocessableEntity', message, {
    extra: { detail: { DATA_TYPE: 'invalid_input#1.0.0', items: [{ property, message }] } },
  })

/** A refusal whose details say by their type what is wrong. */
const permissionDenied = (message: string, type?: string, detail: object = {}): TransferError =>
  new TransferError(403, 'PermissionDenied', message, {
    extra: type === undefined ? {} : { detail: { DATA_TYPE: `${type}#1.0.0`, ...detail } },
  })

const foreignDomain = ({ domain }: Collection, message: string): TransferError =>
  permissionDenied(message, 'not_from_allowed_domain', { allowed_domains: domain === null ? [] : [domain] })

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
  const { allowed, identities } = identitiesOf(host, { context, caller })
  const detail =
    missing.parameters['prompt'] === 'login'
      ? // globus-cli looks for this type of detail.
        { DATA_TYPE: 'authentication_timeout#1.1.0', high_assurance: true, identities, require_mfa: false }
      : { DATA_TYPE: 'not_from_allowed_domain#1.0.0', allowed_domains: allowed }
  throw new TransferError(403, 'PermissionDenied', missing.message, {
    extra: { detail, authorization_parameters: missing.parameters },
  })
}

/** The domains of a collection, and the caller's identities of them. */
function identitiesOf({ domain }: Collection, { context, caller }: Pick<ManagerCall, 'context' | 'caller'>) {
  const username = (id: string): string => context.world.identities.find(id)?.username ?? ''
  return {
    allowed: domain === null ? [] : [domain],
    identities: caller.identities.filter((id) => domainOf(username(id)) === domain),
  }
}
