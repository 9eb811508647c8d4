import { closeSync, constants, fstatSync, openSync, type BigIntStats } from 'node:fs'
import { isDraft } from '../collections/draft-name.ts'
import { findPlace } from '../collections/tree.ts'
import { TransferError } from '../transfer/errors.ts'
import type { Validators } from './conditions.ts'
import type { Permit } from './permit.ts'
import type { RequestedFile } from './request-path.ts'

/** A regular file, open for reading. Whoever holds it closes the handle. */
export interface OpenFile extends Validators {
  readonly handle: number
  readonly name: string
  readonly size: number
}

const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Opens a file, through links as long as they stay inside the collection and inside what the visitor may read.
 *
 * @throws TransferError 404 for what is no regular file: directories have no listing here, and special files are never opened
 */
export function openFile({ path, isDirectory }: RequestedFile, permit: Permit): OpenFile {
  permit.check(path, 'r')
  using place = findPlace(permit.root, path, true)
  permit.check(place.path, 'r')
  const { name } = place
  const stats = name === null ? place.directory.stat() : place.directory.look(name)
  if (stats === undefined || (name !== null && isDraft(name))) throw noSuchFile()
  if (stats.isDirectory() || name === null) throw notAFile('directories are listed by Transfer, not here')
  if (!stats.isFile()) throw notAFile('it is no regular file')
  if (isDirectory) throw noSuchFile()
  const handle = openSync(place.directory.place(name), READ)
  const opened = fstatSync(handle, { bigint: true })
  if (opened.isFile()) return { handle, name, size: Number(opened.size), ...validatorsOf(opened) }
  closeSync(handle)
  throw notAFile('it is no regular file')
}

export const validatorsOf = ({ ino, size, mtimeNs, mtimeMs }: BigIntStats): Validators => ({
  etag: `"${[ino, size, mtimeNs].map((part) => part.toString(36)).join('-')}"`,
  modified: Number(mtimeMs),
})

export const noSuchFile = (): TransferError => new TransferError(404, 'NotFound', 'There is no such file')

export const notAFile = (why: string): TransferError => new TransferError(404, 'NotFound', `Not a file: ${why}`)
