import type { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { optional } from './identities.ts'
import { integer, optionalInteger, text, type Row } from './row.ts'

/** The kinds that Transfer tells apart (endpoint document, `entity_type`). */
export const entityTypes = [
  'GCP_mapped_collection',
  'GCP_guest_collection',
  'GCSv5_endpoint',
  'GCSv5_mapped_collection',
  'GCSv5_guest_collection',
] as const

export type EntityType = (typeof entityTypes)[number]

export interface CollectionDocument {
  readonly displayName: string
  readonly entityType: EntityType
  /** The directory: a name below the data directory, or an absolute path. Null for an endpoint without data. */
  readonly folder: string | null
  /** Where in the directory the collection begins, for one that shares a part of another. */
  readonly base: string
  readonly description: string | null
  readonly organization: string | null
  readonly department: string | null
  readonly keywords: string | null
  readonly contactEmail: string | null
  readonly infoLink: string | null
  readonly defaultDirectory: string | null
  readonly public: boolean
  /** The mapped collection that a guest collection is made on, and where. */
  readonly host: { readonly id: string; readonly path: string } | null
  /** The domain whose identities have an account on the storage; null lets everybody in. */
  readonly domain: string | null
  readonly highAssurance: boolean
  /** Minutes for which a login counts on a high-assurance collection. */
  readonly authenticationTimeoutMins: number | null
  readonly forceVerify: boolean
  readonly disableVerify: boolean
  /** Whether people may make guest collections on it, where it is a mapped one. */
  readonly allowGuestCollections: boolean
  readonly subscriptionId: string | null
  readonly subscriptionAdminVerified: boolean
  readonly online: boolean
  readonly readOnly: boolean
  /** Whether the storage has no space left. */
  readonly full: boolean
  /** The most that may be written per second, or null. */
  readonly bytesPerSecond: number | null
  /** The most that may lie in it, or null. */
  readonly quotaBytes: number | null
  /** Whether its files are served over HTTPS; personal ones never are. */
  readonly https: boolean
}

const document: z.ZodType<CollectionDocument> = z.object({
  displayName: z.string(),
  entityType: z.enum(entityTypes),
  folder: z.string().nullable(),
  base: z.string(),
  description: z.string().nullable(),
  organization: z.string().nullable(),
  department: z.string().nullable(),
  keywords: z.string().nullable(),
  contactEmail: z.string().nullable(),
  infoLink: z.string().nullable(),
  defaultDirectory: z.string().nullable(),
  public: z.boolean(),
  host: z.object({ id: z.string(), path: z.string() }).nullable(),
  domain: z.string().nullable(),
  highAssurance: z.boolean(),
  authenticationTimeoutMins: z.number().nullable(),
  forceVerify: z.boolean(),
  disableVerify: z.boolean(),
  allowGuestCollections: z.boolean().default(true),
  subscriptionId: z.string().nullable(),
  subscriptionAdminVerified: z.boolean(),
  online: z.boolean(),
  readOnly: z.boolean(),
  full: z.boolean(),
  bytesPerSecond: z.number().nullable(),
  quotaBytes: z.number().nullable(),
  https: z.boolean().default(true),
})

/** A directory that Transfer serves, or the host of such. */
export interface Collection extends CollectionDocument {
  readonly id: string
  /** An identity. */
  readonly owner: string
  /** Milliseconds since 1970, or null. */
  readonly deletedAt: number | null
}

export interface Collections {
  put(collection: Omit<Collection, 'deletedAt'>): void
  /** The collection, deleted or not. */
  find(id: string): Collection | undefined
  /** Those that exist, in the order they were made. */
  all(): readonly Collection[]
  /** Changes some properties; false when there is no such collection. */
  change(id: string, changes: Partial<CollectionDocument>): boolean
  delete(id: string, at: number): boolean
}

export function collectionsIn(database: DatabaseSync): Collections {
  const put = database.prepare(`
    INSERT INTO collections (id, owner, document) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, document = excluded.document, deleted_at = NULL`)
  const find = database.prepare('SELECT * FROM collections WHERE id = ?')
  const all = database.prepare('SELECT * FROM collections WHERE deleted_at IS NULL ORDER BY rowid')
  const remove = database.prepare('UPDATE collections SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL')
  const version = database.prepare('PRAGMA data_version')
  // Searches read every collection; decoding them each time would cost more than the search.
  let cache: { readonly version: number; readonly all: readonly Collection[] } | undefined
  const findOne = (id: string): Collection | undefined => optional(find.get(id), toCollection)
  const write = ({ id, owner, ...rest }: Omit<Collection, 'deletedAt'>): void => {
    cache = undefined
    put.run(id, owner, JSON.stringify(document.parse(rest)))
  }
  return {
    put: write,
    find: findOne,
    all: () => {
      const current = integer(version.get() ?? {}, 'data_version')
      if (cache?.version !== current) cache = { version: current, all: all.all().map(toCollection) }
      return cache.all
    },
    change: (id, changes) => {
      const found = findOne(id)
      if (found === undefined || found.deletedAt !== null) return false
      write({ ...found, ...changes })
      return true
    },
    delete: (id, at) => {
      cache = undefined
      return Number(remove.run(at, id).changes) === 1
    },
  }
}

function toCollection(row: Row): Collection {
  return {
    ...document.parse(JSON.parse(text(row, 'document'))),
    id: text(row, 'id'),
    owner: text(row, 'owner'),
    deletedAt: optionalInteger(row, 'deleted_at'),
  }
}
