import type { TransferClient } from 'pierhead/globus'
import type { Entry } from '../client/entry.ts'
import { sortEntries, type Order } from '../client/entry-order.ts'
import { parseFolder, type FolderPath } from './path.ts'

/** Rows of one page, and the most that are sent before a script asks for the rest. */
export const pageSize = 1000

export interface FolderQuery {
  readonly id: string
  /** Undefined: where the collection opens. */
  readonly path: FolderPath | undefined
  readonly hidden: boolean
  readonly order: Order
  /** Text that names must hold; empty: any. */
  readonly filter: string
  /** Counted from 1. */
  readonly page: number
}

export interface Listing {
  /** Where it is, without `~` if the storage says so. */
  readonly path: FolderPath
  readonly entries: readonly Entry[]
  /** Entries in all, those of other pages included. */
  readonly total: number
}

const fields = { name: 'name', size: 'size', modified: 'last_modified' } as const

/** One page of a folder, as the person may see it. */
export async function listFolder(transfer: TransferClient, query: FolderQuery): Promise<Listing> {
  const { by, direction } = query.order
  const filter = transferFilter(query.filter)
  const listing = await list(transfer, query, {
    limit: pageSize,
    offset: (query.page - 1) * pageSize,
    orderby: `type ASC,${fields[by]} ${direction.toUpperCase()}`,
    ...(filter === undefined ? {} : { filter }),
  })
  return { ...listing, entries: sortEntries(listing.entries, query.order) }
}

/** Everything in a folder: Transfer looks at all of it for each page anyway. */
export function listWhole(
  transfer: TransferClient,
  query: Pick<FolderQuery, 'id' | 'path' | 'hidden'>,
): Promise<Listing> {
  return list(transfer, query, { limit: 100_000 })
}

async function list(
  transfer: TransferClient,
  { id, path, hidden }: Pick<FolderQuery, 'id' | 'path' | 'hidden'>,
  parameters: { limit: number; offset?: number; orderby?: string; filter?: string },
): Promise<Listing> {
  const query = {
    ...parameters,
    show_hidden: hidden ? 'true' : 'false',
    ...(path === undefined ? {} : { path }),
  } as const
  for await (const { document, items } of transfer.fileOperations.ls(id, query).pages()) {
    const { absolute_path: absolute, path: asked, total } = document
    return {
      path: parseFolder(absolute ?? undefined) ?? parseFolder(asked) ?? path ?? '/',
      entries: items.map(entryOf),
      total: total ?? items.length,
    }
  }
  return { path: path ?? '/', entries: [], total: 0 }
}

interface FileDocument {
  readonly name: string
  readonly type: string
  readonly size?: number | null
  readonly last_modified?: string | null
}

function entryOf({ last_modified: modified, name, size, type }: FileDocument): Entry {
  const kind = type === 'dir' ? 'folder' : type === 'file' ? 'file' : 'other'
  const time = timeOf(modified ?? '')
  return { name, kind, size: kind === 'folder' ? 0 : amountOf(size), modified: Number.isNaN(time) ? undefined : time }
}

/** A server says it, and rows are written without a template: whatever is no number stays outside. */
function amountOf(size: unknown): number {
  return typeof size === 'number' && size > 0 ? size : 0
}

const usualTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00$/

/**
 * Epoch milliseconds of `2026-03-04 10:20:30+00:00`, which has a blank where other times have a T. Digit by digit: to make the
 * other form first takes three times as long, and a folder has thousands.
 */
function timeOf(text: string): number {
  if (!usualTime.test(text)) return Date.parse(text.replace(' ', 'T'))
  const two = (at: number): number => (text.charCodeAt(at) - zero) * 10 + text.charCodeAt(at + 1) - zero
  return Date.UTC(two(0) * 100 + two(2), two(5) - 1, two(8), two(11), two(14), two(17))
}

const zero = 48

/** Transfer's patterns know no quoting: what has a meaning in its filters stands for any character. */
function transferFilter(text: string): string | undefined {
  const wanted = text.trim()
  return wanted === '' ? undefined : `name:~*${wanted.replaceAll(/[,/:!=~]/g, '?')}*`
}
