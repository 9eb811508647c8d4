import type { DatabaseSync } from 'node:sqlite'
import { strings, text, type Row } from './row.ts'

/** What an index knows of one aspect of a subject. */
export interface SearchEntry {
  readonly index: string
  readonly subject: string
  /** Null for the entry that a subject has without further words. */
  readonly id: string | null
  /** `public`, `all_authenticated_users`, or URNs of identities and groups. */
  readonly visibleTo: readonly string[]
  /** URNs by the name of a set. */
  readonly principalSets: Readonly<Record<string, readonly string[]>>
  readonly content: Readonly<Record<string, unknown>>
}

export interface SearchEntries {
  put(entry: SearchEntry): void
  /** In the order they came in. */
  ofIndex(index: string): readonly SearchEntry[]
  ofSubject(index: string, subject: string): readonly SearchEntry[]
  remove(index: string, subject: string, id: string | null): boolean
}

export function searchEntriesIn(database: DatabaseSync): SearchEntries {
  const put = database.prepare(`
    INSERT INTO search_entries VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (index_id, subject, entry_id) DO UPDATE SET visible_to = excluded.visible_to, principal_sets = excluded.principal_sets,
      content = excluded.content`)
  const ofIndex = database.prepare('SELECT * FROM search_entries WHERE index_id = ? ORDER BY rowid')
  const ofSubject = database.prepare('SELECT * FROM search_entries WHERE index_id = ? AND subject = ? ORDER BY rowid')
  const remove = database.prepare('DELETE FROM search_entries WHERE index_id = ? AND subject = ? AND entry_id = ?')
  return {
    put: (e) => {
      const sets = [JSON.stringify(e.visibleTo), JSON.stringify(e.principalSets)]
      put.run(e.index, e.subject, e.id ?? '', ...sets, JSON.stringify(e.content))
    },
    ofIndex: (index) => ofIndex.all(index).map(toEntry),
    ofSubject: (index, subject) => ofSubject.all(index, subject).map(toEntry),
    remove: (index, subject, id) => Number(remove.run(index, subject, id ?? '').changes) === 1,
  }
}

function toEntry(row: Row): SearchEntry {
  const id = text(row, 'entry_id')
  return {
    index: text(row, 'index_id'),
    subject: text(row, 'subject'),
    id: id === '' ? null : id,
    visibleTo: strings(row, 'visible_to'),
    // Written by `put` alone, as the next.
    principalSets: JSON.parse(text(row, 'principal_sets')) as SearchEntry['principalSets'],
    // Written by `put` alone.
    content: JSON.parse(text(row, 'content')) as SearchEntry['content'],
  }
}
