import type { Entry } from './entry.ts'

export type SortKey = 'name' | 'size' | 'modified'
export type SortDirection = 'asc' | 'desc'

export interface Order {
  readonly by: SortKey
  readonly direction: SortDirection
}

export const defaultOrder: Order = { by: 'name', direction: 'asc' }

/**
 * Entries in order: folders first, then by what is asked for, then by name. By code units, as Transfer orders, so that
 * what comes later fits behind what was shown first.
 */
export function sortEntries(entries: readonly Entry[], { by, direction }: Order): Entry[] {
  const sign = direction === 'asc' ? 1 : -1
  return entries.toSorted(
    (left, right) =>
      rank(left) - rank(right) ||
      (by === 'size' ? sign * (left.size - right.size) : 0) ||
      (by === 'modified' ? sign * ((left.modified ?? 0) - (right.modified ?? 0)) : 0) ||
      (by === 'name' ? sign : 1) * (left.name < right.name ? -1 : left.name > right.name ? 1 : 0),
  )
}

function rank({ kind }: Entry): number {
  return kind === 'folder' ? 0 : 1
}

/** Whether a name holds the words, whatever their case. `*` and `?` stand for any text and any character. */
export function nameFilter(text: string): (name: string) => boolean {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return () => true
  if (!/[*?]/.test(wanted)) return (name) => name.toLowerCase().includes(wanted)
  const pattern = wanted
    .replace(/[\\^$.|+()[\]{}/]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const expression = new RegExp(pattern, 'su')
  return (name) => expression.test(name.toLowerCase())
}
