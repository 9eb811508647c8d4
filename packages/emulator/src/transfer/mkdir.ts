import { mkdirSync } from 'node:fs'
import { findPlace } from '../collections/tree.ts'
import * as z from 'zod'
import { param, readBody, result, type Call, type Reply } from './call.ts'
import { externalError, type TransferError } from './errors.ts'
import { withFailures } from './file-failure.ts'
import { openCollection, readPath, requirePermission, type OpenCollection } from './open-collection.ts'

const body = z.looseObject({ DATA_TYPE: z.literal('mkdir').optional(), path: z.string() })

/** `POST /v0.10/operation/endpoint/ID/mkdir`: makes one directory; its parent must exist. */
export async function mkdir(call: Call): Promise<Reply> {
  const document = await readBody(call, body)
  const open = openCollection(param(call, 'endpoint'), { pausable: 'mkdir', failure: 'MkdirFailed' }, call)
  const path = readPath(document.path)
  requirePermission(open, path, 'rw')
  requireWritable(open, 'MkdirFailed')
  const missing = (): TransferError =>
    externalError('MkdirFailed.NotFound', `Path not found: '${document.path}' has no parent`)
  withFailures({ failure: 'MkdirFailed', missing }, document.path, () => {
    using place = findPlace(open.root, path, false)
    if (place.name === null) throw Object.assign(new Error('the root exists'), { code: 'EEXIST' })
    mkdirSync(place.directory.place(place.name))
  })
  return result(call, ['DirectoryCreated', 'The directory was created successfully'], {
    status: 202,
    dataType: 'mkdir_result',
  })
}

/** @throws TransferError 502 for a collection that cannot be written to */
export function requireWritable({ collection }: OpenCollection, failure: string): void {
  if (collection.readOnly)
    throw externalError(`${failure}.PermissionDenied`, 'Permission denied: the storage is read-only')
  if (collection.full) throw externalError(`${failure}.NoSpaceLeft`, 'No space left on the storage')
}
