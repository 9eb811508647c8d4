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

/** `GET /v0.10/operation/endpoint/ID/ls` */
export async function ls(call: Call): Promise<Reply> {
  const open = openCollection(param(call, 'endpoint'), operation, call)
  const asked = call.query.get('path') ?? open.collection.defaultDirectory ?? '/~/'
  const path = readPath(asked)
  const isListed = entryRights(open, path, call)
  using listing = openListing(open.root, path, asked)
  const names = listing.names.filter((name) => isListed(name))
  const user = storageUser(open.collection, call.context)
  const { page, total } = await choose(names, listing, { call, user })
  const select = selectFields(call.query)
  return ok({
    DATA_TYPE: 'file_list',
    endpoint: open.collection.id,
    path: asked.endsWith('/') ? asked : `${asked}/`,
    absolute_path: formatPath(listing.path, true),
    rename_supported: true,
    symlink_supported: true,
    length: page.length,
    total,
    DATA: page.map((entry) => select(fileDocument(entry, user))),
  })
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

type Chosen = { readonly page: readonly Entry[]; readonly total: number }

/** Filters, orders and cuts. Without a wish about anything but names only the entries of the page are looked at. */
async function choose(
  names: readonly string[],
  listing: Listing,
  { call, user }: { call: Call; user: string },
): Promise<Chosen> {
  const { query, context } = call
  const shown = readFlag(query, 'show_hidden', true) ? names : names.filter((name) => !name.startsWith('.'))
  const { repeatedFilter: repeated, unknownFilterKey: unknownKey } = context.behaviour
  const matches = parseFilters(query.getAll('filter'), filterFields(user), { repeated, unknownKey })
  const order = readOrder(query, orderFields(user))
  const limit = readNumber(query, 'limit', { default: MAXIMUM_ENTRIES, from: 1, to: MAXIMUM_ENTRIES })
  const offset = readNumber(query, 'offset', { default: 0, from: 0, to: Number.MAX_SAFE_INTEGER })
  const sorted = shown.toSorted()
  if (order === undefined && query.getAll('filter').length === 0) {
    return { page: await describe(sorted.slice(offset, offset + limit), listing), total: sorted.length }
  }
  const found = (await describe(sorted, listing)).filter((entry) => matches(entry))
  if (order !== undefined) found.sort(order)
  return { page: found.slice(offset, offset + limit), total: found.length }
}

/** Looking at many entries takes long: others are answered in between. */
async function describe(names: readonly string[], listing: Listing): Promise<Entry[]> {
  const entries: Entry[] = []
  for (const [index, name] of names.entries()) {
    try {
      const entry = describeEntry(listing.directory, name, listing)
      if (entry !== undefined) entries.push(entry)
    } catch (error) {
      throw toRefusal(error, { failure: operation.failure, missing: tooLarge }, name)
    }
    if (index % 1000 === 999) await setImmediate()
  }
  return entries
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
