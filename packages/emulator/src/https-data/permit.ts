import type { Root } from '../collections/tree.ts'
import { formatPath, type VirtualPath } from '../collections/virtual-path.ts'
import type { EmulatorContext } from '../context.ts'
import { endpointPermissionDenied, permissionDenied, TransferError } from '../transfer/errors.ts'
import { anonymousRights, rightsOf, type Rights } from '../transfer/rights.ts'
import { missingSession } from '../transfer/session-required.ts'
import type { Collection } from '../world/collections.ts'
import type { Visitor } from './visitor.ts'

/** A collection that a visitor may work with now. */
export interface Permit {
  readonly collection: Collection
  readonly root: Root
  /** @throws TransferError when the visitor may not read, or not write, at the path */
  check(path: VirtualPath, needed: 'r' | 'rw'): void
}

/**
 * Opens a collection for a visitor: the strength of the login first, then whether the server is there, then whether it lets the visitor in.
 *
 * @throws TransferError 401 or 403, with `authorization_parameters` where a login would help; 503 when the collection is offline
 */
export function openForVisitor(collection: Collection, visitor: Visitor, context: EmulatorContext): Permit {
  const rights = rightsOfVisitor(collection, visitor, context)
  if (!collection.online) throw new TransferError(503, 'ConnectFailed', `${collection.displayName} is not connected`)
  if (rights.refused !== null)
    throw permissionDenied(`${collection.displayName} has no account for any of your identities`)
  return {
    collection,
    root: context.transfer.roots.rootOf(collection),
    check: (path, needed) => {
      const held = rights.at(formatPath(path))
      if (held === 'rw' || held === needed) return
      if (visitor.by === 'nobody') throw loginRequired(context)
      const what = needed === 'r' ? 'reading' : 'writing'
      throw endpointPermissionDenied(`Permission denied: no rule allows ${what} ${formatPath(path)}`)
    },
  }
}

function rightsOfVisitor(collection: Collection, visitor: Visitor, context: EmulatorContext): Rights {
  if (visitor.by === 'nobody') return anonymousRights(collection, context)
  const missing = missingSession(collection, visitor.authentications, context)
  if (missing === undefined) return rightsOf(collection, visitor.account, context)
  throw new TransferError(403, 'PermissionDenied', missing.message, {
    extra: { authorization_parameters: missing.parameters },
  })
}

const loginRequired = ({ behaviour }: EmulatorContext): TransferError =>
  new TransferError(401, behaviour.authenticationFailedCode, 'An access token is required', {
    headers: { 'www-authenticate': 'Bearer' },
  })
