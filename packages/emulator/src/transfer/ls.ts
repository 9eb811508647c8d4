import { setImmediate } from 'node:timers/promises'
import type { Directory } from '../collections/directory.ts'
import { isDraft } from '../collections/draft-name.ts'
import { describeEntry, type Entry } from '../collections/entry.ts'
import { findPlace, openRoot, type Root } from '../collections/tree.ts'
import { formatPath, type VirtualPath } from '../collections/virtual-path.ts'
import { ok, param, type Call, type Reply } from './call.ts'
import { endpointPermissionDenied, externalError, TransferError } from './errors.ts'
import { toRefusal, withFailures } from './file-failure.ts'
import { fileDocument, GROUP, storageUser } from './file-document.ts'
import { parseFilters, type FilterFields } from './filter.ts'
import { readFlag, readNumber, readOrder, selectFields, type Readers } from './list-query.ts'
import { openCollection, readPath, type OpenCollection } from './open-collection.ts'

const operation = { pausable: 'ls', failure: 'DirListingFailed' } as const

const MAXIMUM_ENTRIES = 100_000
/** Entries between two pauses. */
const SLICE = 1000

/** `GET /v0.10/operation/endpoint/ID/ls` */
export async function ls(call: Call): Promise<Reply> {
  const open = openCollection(param(call, 'endpoint'), operation, call)
  const asked = call.query.get('path') ?? open.collection.defaultDirectory ?? '/~/'
  const path = readPath(asked)
  const isListed = entryRights(open, path, call)
  using listing = openListing(open.root, path, asked)
  const names = listing.names.filter((name) => isListed(name))
  const user = storageUser(open.collection, call.context)
  const select = selectFields(call.query)
  const write = (entry: Entry): object => select(fileDocument(entry, user))
  const { length, total, data } = await choose(names, listing, { call, user, write })
  const head = {
    DATA_TYPE: 'file_list',
    endpoint: open.collection.id,
    path: asked.endsWith('/') ? asked : `${asked}/`,
    absolute_path: formatPath(listing.path, true),
    rename_supported: true,
    symlink_supported: true,
    length,
    total,
  }
  return { ...ok(head), data }
}

/** Which names the caller may see: all, or on the way to a folder that is shared only what leads there. */
function entryRights({ rights }: OpenCollection, path: VirtualPath, { context }: Call): (name: string) => boolean {
  const here = formatPath(path, true)
  if (rights.at(here) !== 'none') return () => true
  if (!context.behaviour.listOnTheWay || !rights.leadsTo(here))
    throw endpointPermissionDenied(`Permission denied: no rule allows reading ${here}`)
  return (name) => rights.at(`${here}${name}/`) !== 'none' || rights.leadsTo(`${here}${name}/`)
}

interface Listing extends Disposable {
  readonly directory: Directory
  readonly root: Root
  readonly path: VirtualPath
  readonly names: readonly string[]
}

function openListing(root: Root, path: VirtualPath, asked: string): Listing {
  const missing = (): TransferError =>
    new TransferError(404, 'ClientError.NotFound', `Directory '${asked}' not found on endpoint`)
  return withFailures({ failure: operation.failure, missing }, asked, () => {
    using place = findPlace(root, path, true)
    const directory = place.name === null ? openRoot(root) : place.directory.enter(place.name)
    try {
      const names = directory.names().filter((name) => !isDraft(name))
      if (names.length > MAXIMUM_ENTRIES) throw tooLarge()
      return { directory, root, path: place.path, names, [Symbol.dispose]: () => directory.close() }
    } catch (error) {
      directory.close()
      throw error
    }
  })
}

const tooLarge = (): TransferError =>
  externalError('DirListingFailed.SizeLimit', `Directory limit of ${MAXIMUM_ENTRIES} reached`)

interface Chosen {
  readonly length: number
  readonly total: number
  /** The documents of the page, as text. */
  readonly data: readonly Buffer[]
}

interface Writing {
  readonly call: Call
  readonly user: string
  readonly write: (entry: Entry) => object
}

/** Filters, orders and cuts. Without a wish about anything but names only the entries of the page are looked at. */
async function choose(
  names: readonly string[],
  listing: Listing,
  { call: { query, context }, user, write }: Writing,
): Promise<Chosen> {
  const shown = readFlag(query, 'show_hidden', true) ? names : names.filter((name) => !name.startsWith('.'))
  const { repeatedFilter: repeated, unknownFilterKey: unknownKey } = context.behaviour
  const matches = parseFilters(query.getAll('filter'), filterFields(user), { repeated, unknownKey })
  const order = readOrder(query, orderFields(user))
  const limit = readNumber(query, 'limit', { default: MAXIMUM_ENTRIES, from: 1, to: MAXIMUM_ENTRIES })
  const offset = readNumber(query, 'offset', { default: 0, from: 0, to: Number.MAX_SAFE_INTEGER })
  const sorted = shown.toSorted()
  const pages: Page[] = []
  if (order === undefined && query.getAll('filter').length === 0) {
    for await (const entries of describe(sorted.slice(offset, offset + limit), listing))
      pages.push(toPage(entries, write))
    return { ...merge(pages), total: sorted.length }
  }
  const found: Entry[] = []
  for await (const entries of describe(sorted, listing)) found.push(...entries.filter((entry) => matches(entry)))
  if (order !== undefined) found.sort(order)
  const page = found.slice(offset, offset + limit)
  for (let at = 0; at < page.length; at += SLICE) pages.push(toPage(page.slice(at, at + SLICE), write))
  return { ...merge(pages), total: found.length }
}

type Page = Pick<Chosen, 'length' | 'data'>

/** Objects of a hundred thousand entries would take hundreds of megabytes. */
const toPage = (entries: readonly Entry[], write: (entry: Entry) => object): Page => ({
  length: entries.length,
  data: entries.length === 0 ? [] : [Buffer.from(JSON.stringify(entries.map(write)).slice(1, -1))],
})

const merge = (pages: readonly Page[]): Page => ({
  length: pages.reduce((sum, { length }) => sum + length, 0),
  data: pages.flatMap(({ data }) => data),
})

/** Looking at many entries takes long: others are answered in between. */
async function* describe(names: readonly string[], listing: Listing): AsyncGenerator<readonly Entry[]> {
  for (let at = 0; at < names.length; at += SLICE) {
    yield names.slice(at, at + SLICE).flatMap((name) => {
      try {
        return describeEntry(listing.directory, name, listing) ?? []
      } catch (error) {
        throw toRefusal(error, { failure: operation.failure, missing: tooLarge }, name)
      }
    })
    if (at + SLICE < names.length) await setImmediate()
  }
}

const orderFields = (user: string): Readers<Entry> => ({
  name: ({ name }) => name,
  type: ({ type }) => type,
  size: ({ size }) => size,
  last_modified: ({ modified }) => modified,
  user: () => user,
  group: () => GROUP,
  permissions: ({ mode }) => mode,
  link_target: ({ link }) => link?.target ?? null,
  link_size: ({ link }) => link?.size ?? null,
  link_last_modified: ({ link }) => link?.modified ?? null,
})

const filterFields = (user: string): FilterFields<Entry> => ({
  name: { kind: 'text', read: ({ name }) => name },
  type: { kind: 'text', read: ({ type }) => type },
  size: { kind: 'number', read: ({ size }) => size },
  last_modified: { kind: 'time', read: ({ modified }) => modified },
  permissions: { kind: 'text', read: ({ mode }) => mode.toString(8).padStart(4, '0') },
  user: { kind: 'text', read: () => user },
  group: { kind: 'text', read: () => GROUP },
  link_target: { kind: 'text', read: ({ link }) => link?.target ?? null },
})
