import { formatPath, parsePath, PathError, type VirtualPath } from '../collections/virtual-path.ts'
import type { Root } from '../collections/tree.ts'
import type { EmulatorContext } from '../context.ts'
import type { Collection } from '../world/collections.ts'
import type { Pausable } from '../world/pause-rules.ts'
import type { Call } from './call.ts'
import { requireConsents } from './consent-required.ts'
import { badRequest, endpointPermissionDenied, externalError, permissionDenied, TransferError } from './errors.ts'
import { isVisible, rightsOf, type Rights } from './rights.ts'
import { requireSession } from './session-required.ts'

/** A collection that the caller may work with now. */
export interface OpenCollection {
  readonly collection: Collection
  readonly root: Root
  readonly rights: Rights
}

/** An operation on files, by its name in pause rules and in error codes. */
export interface FileOperation {
  readonly pausable: Pausable | null
  /** `DirListingFailed`, `MkdirFailed` … */
  readonly failure: string
}

/** The collection or endpoint. @throws TransferError 404 when unknown or deleted, 403 or 404 when hidden from the caller */
export function requireCollection(id: string, call: Call): Collection {
  const { context, caller } = call
  const collection = context.world.collections.find(id.toLowerCase())
  if (collection === undefined) throw new TransferError(404, 'EndpointNotFound', `No such endpoint '${id}'`)
  if (collection.deletedAt !== null)
    throw new TransferError(404, 'EndpointDeleted', `Endpoint '${id}' has been deleted`)
  if (isVisible(collection, caller, context)) return collection
  throw context.behaviour.privateEndpointStatus === 404
    ? new TransferError(404, 'EndpointNotFound', `No such endpoint '${id}'`)
    : permissionDenied(`You do not have permission to see endpoint '${id}'`)
}

/**
 * Opens a collection for an operation on files. The order is that of the service: consent, then the login's strength, then pauses, then
 * whether the server is there, then whether it lets the person in.
 */
export function openCollection(id: string, operation: FileOperation, call: Call): OpenCollection {
  const { context, caller } = call
  const collection = requireCollection(id, call)
  const { folder } = collection
  if (folder === null)
    throw conflict('NotSupported', 'This endpoint holds no data; use one of its collections', context)
  requireConsents([collection], call)
  requireSession(collection, operation.failure, call)
  requireRunning(collection, operation, call)
  if (!collection.online) throw disconnected(collection, operation)
  const rights = rightsOf(collection, caller, context)
  if (rights.refused !== null) throw loginFailed(collection, operation)
  return { collection, root: context.transfer.roots.rootOf(collection), rights }
}

/** Reads a path. @throws TransferError 400 for what no file can be called, 403 for what leads outside */
export function readPath(text: string): VirtualPath {
  try {
    return parsePath(text)
  } catch (error) {
    if (!(error instanceof PathError)) throw error
    throw error.reason === 'outside'
      ? endpointPermissionDenied(`Path not allowed: ${error.message}`)
      : badRequest(error.message)
  }
}

/** @throws TransferError 403 when the caller may not read, or not write, at the path */
export function requirePermission({ rights }: OpenCollection, path: VirtualPath, needed: 'r' | 'rw'): void {
  const held = rights.at(formatPath(path))
  if (held === 'rw' || held === needed) return
  throw endpointPermissionDenied(
    `Permission denied: no rule allows ${needed === 'r' ? 'reading' : 'writing'} ${formatPath(path)}`,
  )
}

export const conflict = (code: string, message: string, { behaviour }: EmulatorContext): TransferError =>
  new TransferError(behaviour.stateConflictStatus, code, message)

function requireRunning(collection: Collection, { pausable }: FileOperation, { context, caller }: Call): void {
  const rules = context.world.pauseRules.effective(collection.id, caller.identities)
  const rule = rules.find(({ operations }) => pausable !== null && operations.includes(pausable))
  if (rule !== undefined)
    throw conflict('OperationPaused', `An administrator paused this operation: ${rule.message}`, context)
}

const disconnected = ({ entityType, displayName }: Collection, { failure }: FileOperation): TransferError =>
  entityType.startsWith('GCP')
    ? externalError(
        `${failure}.GCDisconnected`,
        `The Globus Connect Personal endpoint '${displayName}' is not currently connected to Globus`,
      )
    : externalError(`${failure}.ConnectFailed`, `Could not connect to '${displayName}'`)

function loginFailed({ id, displayName, domain }: Collection, { failure }: FileOperation): TransferError {
  const details = domain === null ? 'only the owner has an account' : `only identities of ${domain} have an account`
  const lines = [`Command Failed: Error (login)`, `Endpoint: ${displayName} (${id})`, 'Message: Login Failed', '---']
  const message = [...lines, `Details: 530-Login incorrect. : ${details}`, '530 End.'].join('\r\n')
  return externalError(`${failure}.LoginFailed`, message)
}
