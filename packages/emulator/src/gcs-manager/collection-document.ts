import type { Collection } from '../world/collections.ts'
import { isAdministrator, type ManagerCall } from './manager-call.ts'
import { derivedId, gatewayOf, POSIX_CONNECTOR } from './storage-gateways.ts'

/** The document of a collection as its manager shows it; with `include=private_policies`, what administrators alone may see. */
export function collectionDocument(collection: Collection, call: ManagerCall): object {
  const isPrivate = call.query.get('include')?.split(',').includes('private_policies') === true
  return {
    DATA_TYPE: 'collection#1.9.0',
    id: collection.id,
    display_name: collection.displayName,
    identity_id: collection.owner,
    ...places(collection, call),
    ...description(collection),
    ...policies(collection),
    ...(isPrivate && isAdministrator(collection, call) ? privatePolicies : {}),
  }
}

function places(collection: Collection, { endpoint, context }: ManagerCall): object {
  const { host } = collection
  const hostCollection = host === null ? undefined : context.world.collections.find(host.id)
  const gateway = gatewayOf(endpoint, hostCollection ?? collection)
  const name = `m-${collection.id.slice(0, 6)}.data.invalid`
  return {
    collection_type: collection.entityType === 'GCSv5_mapped_collection' ? 'mapped' : 'guest',
    mapped_collection_id: host?.id ?? null,
    collection_base_path: host?.path ?? collection.base,
    user_credential_id: host === null ? null : derivedId('user credential', gateway.id, collection.owner),
    storage_gateway_id: gateway.id,
    connector_id: POSIX_CONNECTOR,
    domain_name: name,
    manager_url: context.origins.of(endpoint.id),
    https_url: context.transfer.httpsServer(collection),
    tlsftp_url: `tlsftp://${name}:443`,
    enable_https: collection.https,
  }
}

const description = (collection: Collection): object => ({
  public: collection.public,
  description: collection.description,
  organization: collection.organization,
  department: collection.department,
  keywords: (collection.keywords ?? '').split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()])),
  contact_email: collection.contactEmail,
  contact_info: null,
  info_link: collection.infoLink,
  user_message: null,
  user_message_link: null,
  default_directory: collection.defaultDirectory ?? '/~/',
})

const policies = (collection: Collection): object => ({
  high_assurance: collection.highAssurance,
  require_high_assurance: collection.highAssurance,
  require_mfa: false,
  authentication_timeout_mins: collection.authenticationTimeoutMins ?? 15_840,
  authentication_assurance_timeout: collection.authenticationTimeoutMins ?? 15_840,
  allow_guest_collections: collection.entityType === 'GCSv5_mapped_collection' && collection.allowGuestCollections,
  disable_anonymous_writes: true,
  delete_protected: false,
  force_encryption: collection.highAssurance,
  force_verify: collection.forceVerify,
  disable_verify: collection.disableVerify,
  policies: null,
})

const privatePolicies = {
  root_path: '/',
  sharing_restrict_paths: null,
  sharing_users_allow: [],
  sharing_users_deny: [],
}
