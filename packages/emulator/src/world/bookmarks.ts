import type { DatabaseSync } from 'node:sqlite'
import { count, optional } from './identities.ts'
import { integer, text, truth, type Row } from './row.ts'

/** A place that somebody wants to find again; it outlives its collection. */
export interface Bookmark {
  readonly id: string
  readonly owner: string
  readonly name: string
  readonly collection: string
  readonly path: string
  readonly pinned: boolean
  readonly createdAt: number
}

export interface Bookmarks {
  /** False when the owner has one of that name. */
  add(bookmark: Bookmark): boolean
  find(owner: string, id: string): Bookmark | undefined
  list(owner: string): readonly Bookmark[]
  count(owner: string): number
  /** False when another one has the name. */
  update(bookmark: Bookmark): boolean
  remove(owner: string, id: string): boolean
}

export function bookmarksIn(database: DatabaseSync): Bookmarks {
  const add = database.prepare('INSERT OR IGNORE INTO bookmarks VALUES (?, ?, ?, ?, ?, ?, ?)')
  const find = database.prepare('SELECT * FROM bookmarks WHERE owner = ? AND id = ?')
  const list = database.prepare('SELECT * FROM bookmarks WHERE owner = ? ORDER BY name, id')
  const total = database.prepare('SELECT count(*) AS count FROM bookmarks WHERE owner = ?')
  const update = database.prepare('UPDATE OR IGNORE bookmarks SET name = ?, path = ?, pinned = ? WHERE id = ?')
  const remove = database.prepare('DELETE FROM bookmarks WHERE owner = ? AND id = ?')
  return {
    add: (b) =>
      Number(add.run(b.id, b.owner, b.name, b.collection, b.path, b.pinned ? 1 : 0, b.createdAt).changes) === 1,
    find: (owner, id) => optional(find.get(owner, id), toBookmark),
    list: (owner) => list.all(owner).map(toBookmark),
    count: (owner) => count(total.get(owner)),
    update: (b) => Number(update.run(b.name, b.path, b.pinned ? 1 : 0, b.id).changes) === 1,
    remove: (owner, id) => Number(remove.run(owner, id).changes) === 1,
  }
}

function toBookmark(row: Row): Bookmark {
  return {
    id: text(row, 'id'),
    owner: text(row, 'owner'),
    name: text(row, 'name'),
    collection: text(row, 'collection'),
    path: text(row, 'path'),
    pinned: truth(row, 'pinned'),
    createdAt: integer(row, 'created_at'),
  }
}
