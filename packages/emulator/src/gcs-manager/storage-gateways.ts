import { createHash } from 'node:crypto'
import { domainOf } from '../transfer/account.ts'
import { TransferError } from '../transfer/errors.ts'
import { collectionsOn } from '../transfer/hosting-endpoint.ts'
import { param } from '../transfer/call.ts'
import type { Collection } from '../world/collections.ts'
import type { ManagerCall, ManagerReply } from './manager-call.ts'

/** The connector of plain file systems. */
export const POSIX_CONNECTOR = '145812c8-decc-41f1-83cf-bb2a85a2a70b'

/** What collections of one kind lie on: one for each domain of accounts, and for high assurance. */
export interface StorageGateway {
  readonly id: string
  readonly domain: string | null
  readonly highAssurance: boolean
}

/** The gateway of a mapped collection; of a guest collection, that of its host. */
export const gatewayOf = (endpoint: Collection, { domain, highAssurance }: Collection): StorageGateway => ({
  id: derivedId('storage gateway', endpoint.id, domain ?? '', String(highAssurance)),
  domain,
  highAssurance,
})

export function gatewaysOf({ endpoint, context }: ManagerCall): readonly StorageGateway[] {
  const mapped = collectionsOn(endpoint, context.world).filter(({ host }) => host === null)
  return Array.from(
    new Map(mapped.map((one) => gatewayOf(endpoint, one)).map((gateway) => [gateway.id, gateway])).values(),
  )
}

/** `GET /api/storage_gateways` */
export const listGateways = (call: ManagerCall): ManagerReply => ({ data: gatewaysOf(call).map(gatewayDocument) })

/** `GET /api/storage_gateways/ID` */
export function getGateway(call: ManagerCall): ManagerReply {
  const gateway = gatewaysOf(call).find(({ id }) => id === param(call, 'gateway'))
  if (gateway === undefined) throw new TransferError(404, 'NotFound', 'No such storage gateway')
  return { data: [gatewayDocument(gateway)] }
}

/** `GET /api/user_credentials`: the accounts of the caller, which plain file systems have without anybody making them. */
export function listCredentials(call: ManagerCall): ManagerReply {
  const wanted = call.query.get('storage_gateway')
  return { data: credentialsOf(call).filter(({ storage_gateway_id: id }) => wanted === null || id === wanted) }
}

/** `GET /api/user_credentials/ID` */
export function getCredential(call: ManagerCall): ManagerReply {
  const found = credentialsOf(call).find(({ id }) => id === param(call, 'credential'))
  if (found === undefined) throw new TransferError(404, 'NotFound', 'No such user credential')
  return { data: [found] }
}

interface UserCredential {
  readonly DATA_TYPE: string
  readonly id: string
  readonly identity_id: string
  readonly storage_gateway_id: string
  readonly username: string
}

export function credentialsOf(call: ManagerCall): readonly UserCredential[] {
  const account = call.context.world.identities.account(call.caller.id)
  return gatewaysOf(call).flatMap((gateway) =>
    account
      .filter(({ username }) => gateway.domain === null || domainOf(username) === gateway.domain)
      .map(({ id, username }) => ({
        DATA_TYPE: 'user_credential#1.0.0',
        id: derivedId('user credential', gateway.id, id),
        identity_id: id,
        storage_gateway_id: gateway.id,
        connector_id: POSIX_CONNECTOR,
        username: username.split('@', 1)[0] ?? username,
        display_name: null,
        invalid: false,
        provisioned: true,
        policies: { DATA_TYPE: 'posix_user_credential_policies#1.0.0' },
      })),
  )
}

const gatewayDocument = ({ id, domain, highAssurance }: StorageGateway): object => ({
  DATA_TYPE: 'storage_gateway#1.0.0',
  id,
  display_name: domain === null ? 'Storage for everybody' : `Storage of ${domain}`,
  connector_id: POSIX_CONNECTOR,
  high_assurance: highAssurance,
  require_high_assurance: highAssurance,
  require_mfa: false,
  authentication_assurance_timeout: 15_840,
  authentication_timeout_mins: 15_840,
  allowed_domains: domain === null ? [] : [domain],
  mapping: 'username_without_domain',
  restrict_paths: null,
  policies: { DATA_TYPE: 'posix_storage_gateway#1.0.0', groups_allow: [], groups_deny: [] },
  users_allow: [],
  users_deny: [],
})

/** The same id for the same thing at every start. */
export function derivedId(...parts: readonly string[]): string {
  const hex = createHash('sha256').update(parts.join(' ')).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}
