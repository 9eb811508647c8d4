import { createHash } from 'node:crypto'
import { closeSync, constants, openSync, readSync, type Stats } from 'node:fs'
import type { Directory } from '../../collections/directory.ts'
import type { ItemOptions, RunOptions } from './protocol.ts'

interface Side<Known> {
  readonly directory: Directory
  readonly name: string
  readonly stats: Known
}

/** A source and what the destination has of that name. */
export interface Pair {
  readonly from: Side<Stats>
  readonly to: Side<Stats | undefined>
}

/** Whether the destination needs no copy: 0 it exists, 1 with the same size, 2 and not older, 3 with the same checksum. */
export function isUpToDate(level: number, { from, to }: Pair): boolean {
  if (to.stats?.isFile() !== true) return false
  if (level === 0) return true
  if (level === 1) return to.stats.size === from.stats.size
  if (level === 2) return to.stats.mtimeMs >= from.stats.mtimeMs
  return to.stats.size === from.stats.size && digest(from) === digest(to)
}

const algorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  SHA1: 'sha1',
  SHA256: 'sha256',
  SHA384: 'sha384',
  SHA512: 'sha512',
}

/** The name by which `node:crypto` knows an algorithm of the API; undefined when it does not. */
export const algorithmNamed = (name: string): string | undefined => algorithms[name.toUpperCase().replace('-', '')]

/** Which checksum a copy needs, or null. */
export const checksumOf = (item: ItemOptions, { verify }: RunOptions): string | null =>
  verify || (item.externalChecksum ?? null) !== null ? (algorithmNamed(item.algorithm ?? 'MD5') ?? 'md5') : null

function digest({ directory, name }: Side<unknown>): string {
  const file = openSync(directory.place(name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const hash = createHash('md5')
    const buffer = Buffer.allocUnsafe(1024 * 1024)
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
      hash.update(buffer.subarray(0, read))
    return hash.digest('hex')
  } finally {
    closeSync(file)
  }
}
