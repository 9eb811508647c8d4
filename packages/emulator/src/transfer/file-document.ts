import type { Entry } from '../collections/entry.ts'
import type { EmulatorContext } from '../context.ts'
import type { Collection } from '../world/collections.ts'
import { fileTimestamp } from './timestamps.ts'

/** The document of an entry. Its user is the storage account of the collection's owner; this machine's accounts stay private. */
export function fileDocument(entry: Entry, user: string): object {
  const { link } = entry
  return {
    DATA_TYPE: 'file',
    name: entry.name,
    type: entry.type,
    size: entry.size,
    last_modified: fileTimestamp(entry.modified),
    permissions: entry.mode.toString(8).padStart(4, '0'),
    user,
    group: GROUP,
    link_target: link?.target ?? null,
    link_size: link?.size ?? null,
    link_user: link === null ? null : user,
    link_group: link === null ? null : GROUP,
    link_last_modified: link === null ? null : fileTimestamp(link.modified),
  }
}

export const GROUP = 'users'

/** The name of the account that holds the files. */
export function storageUser({ owner }: Collection, { world }: EmulatorContext): string {
  const username = world.identities.find(owner)?.username ?? 'globus'
  return username.slice(0, username.lastIndexOf('@')).replace(/[^a-z0-9]+/gi, '_')
}
