import { TransferError } from '../transfer/errors.ts'
import { createCollection } from './create-guest.ts'
import { deleteCollection, getCollection, listCollections, updateCollection, updateEndpoint } from './collections.ts'
import { getEndpoint } from './info.ts'
import { missing, type ManagerCall, type ManagerReply } from './manager-call.ts'
import { createRole, deleteRole, getRole, listRoles } from './roles.ts'
import { getCredential, getGateway, listCredentials, listGateways } from './storage-gateways.ts'

type Handle = (call: ManagerCall) => ManagerReply | Promise<ManagerReply>

const makingGateways = missing('making and changing storage gateways')
const makingCredentials = missing('making and changing user credentials, which plain file systems do without')

const routes: readonly (readonly [method: string, path: string, handle: Handle])[] = [
  ['GET', 'endpoint', getEndpoint],
  ['PATCH', 'endpoint', updateEndpoint],
  ['GET', 'collections', listCollections],
  ['POST', 'collections', createCollection],
  ['GET', 'collections/:collection', getCollection],
  ['PATCH', 'collections/:collection', updateCollection],
  ['DELETE', 'collections/:collection', deleteCollection],
  ['GET', 'roles', listRoles],
  ['POST', 'roles', createRole],
  ['GET', 'roles/:role', getRole],
  ['DELETE', 'roles/:role', deleteRole],
  ['GET', 'storage_gateways', listGateways],
  ['GET', 'storage_gateways/:gateway', getGateway],
  ['POST', 'storage_gateways', makingGateways],
  ['PATCH', 'storage_gateways/:gateway', makingGateways],
  ['DELETE', 'storage_gateways/:gateway', makingGateways],
  ['GET', 'user_credentials', listCredentials],
  ['GET', 'user_credentials/:credential', getCredential],
  ['POST', 'user_credentials', makingCredentials],
  ['PATCH', 'user_credentials/:credential', makingCredentials],
  ['DELETE', 'user_credentials/:credential', makingCredentials],
]

/** What answers a path below `/api/`. @throws TransferError 501 for what the emulator does not imitate */
export function findManagerRoute(
  method: string,
  path: string,
): { readonly handle: Handle; readonly params: Readonly<Record<string, string>> } {
  const [resource = '', id, ...rest] = path.split('/')
  for (const [knownMethod, pattern, handle] of routes) {
    const [name, parameter] = pattern.split('/:')
    if (knownMethod !== method || name !== resource || rest.length > 0) continue
    if (parameter === undefined && id === undefined) return { handle, params: {} }
    if (parameter !== undefined && id !== undefined) return { handle, params: { [parameter]: id } }
  }
  const what = `${method} of the manager's ${resource === '' ? 'root' : resource}`
  throw new TransferError(501, 'NotImplemented', `The local emulator does not imitate ${what}`)
}
