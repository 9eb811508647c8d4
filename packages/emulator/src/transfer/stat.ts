import { describeEntry, toEntry, type Entry } from '../collections/entry.ts'
import { findPlace, type Root } from '../collections/tree.ts'
import { formatPath, type VirtualPath } from '../collections/virtual-path.ts'
import { ok, param, type Call, type Reply } from './call.ts'
import { badRequest, endpointPermissionDenied, TransferError } from './errors.ts'
import { withFailures } from './file-failure.ts'
import { fileDocument, storageUser } from './file-document.ts'
import { openCollection, readPath } from './open-collection.ts'

/** `GET /v0.10/operation/endpoint/ID/stat` */
export function stat(call: Call): Reply {
  const asked = call.query.get('path')
  if (asked === null) throw badRequest('path is required')
  const open = openCollection(param(call, 'endpoint'), { pausable: 'ls', failure: 'StatFailed' }, call)
  const path = readPath(asked)
  const text = formatPath(path)
  if (open.rights.at(text) === 'none' && !(call.context.behaviour.listOnTheWay && open.rights.leadsTo(text)))
    throw endpointPermissionDenied(`Permission denied: no rule allows reading ${text}`)
  const missing = (): TransferError =>
    new TransferError(
      404,
      'NotFound',
      `Path not found, Error (list)\nEndpoint: ${open.collection.displayName}\nPath: ${asked}`,
    )
  const entry = withFailures({ failure: 'StatFailed', missing }, asked, () => findEntry(open.root, path))
  if (entry === undefined) throw missing()
  return ok(fileDocument(entry, storageUser(open.collection, call.context)))
}

function findEntry(root: Root, path: VirtualPath): Entry | undefined {
  using place = findPlace(root, path, false)
  if (place.name === null) return toEntry('/', place.directory.stat(), null)
  return describeEntry(place.directory, place.name, { root, path: place.path.slice(0, -1) })
}
