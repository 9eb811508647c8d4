import { findPlace, type Root } from '../collections/tree.ts'
import type { VirtualPath } from '../collections/virtual-path.ts'
import { badRequest, TransferError } from './errors.ts'
import { withFailures } from './file-failure.ts'
import { readPath } from './open-collection.ts'

/** The folder that a guest collection is to be made of, after all links. @throws TransferError 404 or 400 for what is no folder */
export function findSharedFolder(root: Root, path: string): VirtualPath {
  const missing = (): TransferError => new TransferError(404, 'NotFound', `Path not found: '${path}'`)
  return withFailures({ failure: 'ShareFailed', missing }, path, () => {
    using place = findPlace(root, readPath(path), true)
    const stats = place.name === null ? place.directory.stat() : place.directory.look(place.name)
    if (stats === undefined) throw missing()
    if (!stats.isDirectory()) throw badRequest(`'${path}' is not a directory`)
    return place.path
  })
}
