import { linkSync, renameSync, symlinkSync, unlinkSync } from 'node:fs'
import * as z from 'zod'
import { findPlace, type Place } from '../collections/tree.ts'
import { param, readBody, result, type Call, type Reply } from './call.ts'
import { externalError, type TransferError } from './errors.ts'
import { withFailures } from './file-failure.ts'
import { requireWritable } from './mkdir.ts'
import { openCollection, readPath, requirePermission } from './open-collection.ts'

const renameBody = z.looseObject({
  DATA_TYPE: z.literal('rename').optional(),
  old_path: z.string(),
  new_path: z.string(),
})

/** `POST /v0.10/operation/endpoint/ID/rename`: also moves within the collection. A link is renamed itself; nothing is replaced. */
export async function rename(call: Call): Promise<Reply> {
  const document = await readBody(call, renameBody)
  const open = openCollection(param(call, 'endpoint'), { pausable: 'rename', failure: 'RenameFailed' }, call)
  const [from, to] = [readPath(document.old_path), readPath(document.new_path)]
  requirePermission(open, from, 'rw')
  requirePermission(open, to, 'rw')
  requireWritable(open, 'RenameFailed')
  const missing = (): TransferError => externalError('RenameFailed.NotFound', `Path not found: '${document.old_path}'`)
  withFailures({ failure: 'RenameFailed', missing }, document.old_path, () => {
    using source = findPlace(open.root, from, false)
    using destination = findPlace(open.root, to, false)
    move(source, destination)
  })
  const status = call.context.behaviour.renameStatus
  return result(call, ['FileRenamed', 'File or directory renamed successfully'], { status })
}

const symlinkBody = z.looseObject({
  DATA_TYPE: z.literal('symlink').optional(),
  path: z.string(),
  symlink_target: z.string().min(1),
})

/** `POST /v0.10/operation/endpoint/ID/symlink`: what the link says is not checked; following it is. */
export async function symlink(call: Call): Promise<Reply> {
  const document = await readBody(call, symlinkBody)
  const open = openCollection(param(call, 'endpoint'), { pausable: 'symlink', failure: 'SymlinkFailed' }, call)
  const path = readPath(document.path)
  requirePermission(open, path, 'rw')
  requireWritable(open, 'SymlinkFailed')
  const missing = (): TransferError => externalError('SymlinkFailed.NotFound', `Path not found: '${document.path}'`)
  withFailures({ failure: 'SymlinkFailed', missing }, document.path, () => {
    using place = findPlace(open.root, path, false)
    if (place.name === null) throw Object.assign(new Error('the root exists'), { code: 'EEXIST' })
    symlinkSync(document.symlink_target, place.directory.place(place.name))
  })
  return result(call, ['SymlinkCreated', 'The symlink was created successfully'], { status: 202 })
}

function move(source: Place, destination: Place): void {
  if (source.name === null || destination.name === null)
    throw Object.assign(new Error('the root stays'), { code: 'EPERM' })
  const [from, to] = [source.directory.place(source.name), destination.directory.place(destination.name)]
  const stats = source.directory.look(source.name)
  if (stats?.isFile() === true) {
    // A hard link fails where something is: a rename would replace it.
    linkSync(from, to)
    unlinkSync(from)
    return
  }
  if (stats !== undefined && destination.directory.look(destination.name) !== undefined)
    throw Object.assign(new Error('the new name is taken'), { code: 'EEXIST' })
  renameSync(from, to)
}
