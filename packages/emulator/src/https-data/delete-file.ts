import { unlinkSync } from 'node:fs'
import { isDraft } from '../collections/draft-name.ts'
import { findPlace } from '../collections/tree.ts'
import { permissionDenied } from '../transfer/errors.ts'
import { evaluateConditions } from './conditions.ts'
import { noSuchFile, notAFile, validatorsOf } from './open-file.ts'
import type { Permit } from './permit.ts'
import type { RequestedFile } from './request-path.ts'
import { preconditionFailed } from './write-file.ts'

/** `DELETE`: removes a file, or a link and not what it leads to. */
export function deleteFile(request: Request, { path, isDirectory }: RequestedFile, permit: Permit): Response {
  permit.check(path, 'rw')
  using place = findPlace(permit.root, path, false)
  permit.check(place.path, 'rw')
  if (permit.collection.readOnly) throw permissionDenied('The storage is read-only')
  const { name, directory } = place
  const stats = name === null ? undefined : directory.lookExactly(name)
  if (name === null || stats?.isDirectory() === true) throw notAFile('directories are deleted by Transfer, not here')
  if (stats === undefined || isDirectory || isDraft(name)) throw noSuchFile()
  if (evaluateConditions(request, validatorsOf(stats)) === 'failed') throw preconditionFailed()
  unlinkSync(directory.place(name))
  return new Response(null, { status: 204 })
}
