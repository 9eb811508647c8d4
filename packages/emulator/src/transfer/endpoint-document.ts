import type { EmulatorContext } from '../context.ts'
import type { Collection } from '../world/collections.ts'
import type { Caller } from './caller.ts'
import { hostingEndpoint } from './hosting-endpoint.ts'
import { isGuest, managesAccess, rolesOf } from './rights.ts'

/** The document of an endpoint or collection, with every key that has been seen (5.2 of the notes on the Transfer API). */
export function endpointDocument(
  collection: Collection,
  caller: Caller,
  context: EmulatorContext,
): Readonly<Record<string, unknown>> {
  return {
    DATA_TYPE: 'endpoint',
    id: collection.id,
    display_name: collection.displayName,
    canonical_name: null,
    name: null,
    username: null,
    // Collections of Connect Server belong to their endpoint, which is how globus-cli finds its manager.
    owner_id: hostingEndpoint(collection, context.world)?.id ?? collection.owner,
    owner_string: ownerString(collection, context),
    entity_type: collection.entityType,
    ...description(collection),
    ...hierarchy(collection, context),
    ...policies(collection),
    acl_available: isGuest(collection),
    acl_editable: isGuest(collection) && managesAccess(collection, caller, context),
    in_use: context.transfer.isInUse(collection.id, caller.id),
    my_effective_roles: rolesOf(collection, caller, context),
    ...servers(collection, context),
    ...settled,
  }
}

export const ownerString = ({ owner }: Collection, { world }: EmulatorContext): string =>
  world.identities.find(owner)?.username ?? owner

const description = (collection: Collection): object => ({
  description: collection.description,
  organization: collection.organization,
  department: collection.department,
  keywords: collection.keywords,
  contact_email: collection.contactEmail,
  contact_info: null,
  info_link: collection.infoLink,
  user_message: null,
  user_message_link: null,
  french_english_bilingual: false,
  public: collection.public,
  subscription_id: collection.subscriptionId,
  subscription_admin_verified: collection.subscriptionAdminVerified,
  default_directory: collection.defaultDirectory,
})

function hierarchy({ host, entityType }: Collection, { world }: EmulatorContext): object {
  const hostName = host === null ? null : (world.collections.find(host.id)?.displayName ?? null)
  return {
    non_functional: entityType === 'GCSv5_endpoint',
    non_functional_endpoint_id: null,
    non_functional_endpoint_display_name: null,
    host_endpoint: null,
    host_endpoint_id: host?.id ?? null,
    host_endpoint_display_name: hostName,
    host_path: host?.path ?? null,
    mapped_collection_id: host?.id ?? null,
    mapped_collection_display_name: hostName,
    shareable: false,
    sharing_target_endpoint: null,
    sharing_target_root_path: host?.path ?? null,
  }
}

const policies = (collection: Collection): object => ({
  force_encryption: collection.highAssurance,
  disable_verify: collection.disableVerify,
  force_verify: collection.forceVerify,
  disable_anonymous_writes: true,
  mfa_required: false,
  high_assurance: collection.highAssurance,
  authentication_timeout_mins: collection.authenticationTimeoutMins,
  authentication_policy_id: null,
  authentication_assurance_timeout: collection.authenticationTimeoutMins,
  acl_max_expiration_period_mins: null,
  restrict_transfers_to_high_assurance: null,
  preserve_modtime: null,
  requester_pays: false,
  associated_flow_policy: null,
  guest_collection_activity_notification_policy: null,
})

function servers(collection: Collection, context: EmulatorContext): object {
  const personal = collection.entityType.startsWith('GCP')
  return {
    DATA: personal ? [] : [serverDocument(collection)],
    tlsftp_server: personal ? null : `tlsftp://${hostName(collection)}:443`,
    gcs_manager_url: personal ? null : managerUrl(collection, context),
    https_server: context.transfer.httpsServer(collection),
    gcs_version: personal ? null : '5.4.80',
    is_globus_connect: personal,
    globus_connect_setup_key: null,
    gcp_connected: personal ? collection.online : null,
    gcp_paused: personal ? false : null,
  }
}

function managerUrl(collection: Collection, { world, origins }: EmulatorContext): string {
  const endpoint = hostingEndpoint(collection, world)
  return (endpoint === undefined ? null : origins.of(endpoint.id)) ?? `https://${hostName(collection)}`
}

/** The document of the one server that a collection has. */
export const serverDocument = (collection: Collection): object => ({
  DATA_TYPE: 'server',
  id: 1,
  hostname: hostName(collection),
  port: 443,
  scheme: 'tlsftp',
  subject: null,
  uri: `tlsftp://${hostName(collection)}:443`,
  is_connected: collection.online,
  is_paused: false,
  incoming_data_port_start: 50_000,
  incoming_data_port_end: 51_000,
  outgoing_data_port_start: null,
  outgoing_data_port_end: null,
})

/** A name that no machine has: clients show it, and nobody connects to it. */
const hostName = ({ id }: Collection): string => `m-${id.slice(0, 6)}.data.invalid`

const settled = {
  network_use: 'normal',
  location: 'Automatic',
  max_concurrency: 4,
  preferred_concurrency: 2,
  max_parallelism: 8,
  preferred_parallelism: 4,
  auto_delete_timeout: null,
  skip_auto_delete: false,
  last_accessed_time: null,
  expire_time: null,
  expires_in: -1,
  activated: false,
  myproxy_server: null,
  myproxy_dn: null,
  oauth_server: null,
  s3_url: null,
  s3_owner_activated: false,
  storage_type: null,
  local_user_info_available: false,
} as const
