import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { GlobusClaims } from 'pierhead'
import { makeDataFolder } from '../data-folder.ts'

/** Somebody who was here. */
export interface KnownPerson {
  /** UUID of the identity. */
  readonly subject: string
  readonly username: string
  /** Epoch milliseconds, exact to some minutes. */
  readonly seenAt: number
}

/**
 * Who was here lately, so that those who run the portal can list sessions: a session store finds sessions by their person
 * only. Kept below the data folder of this machine, and for no longer than a session can last.
 */
export interface People {
  note(claims: GlobusClaims): void
  /** Who was here last comes first. */
  list(most: number): KnownPerson[]
  forget(subject: string): void
  close(): void
}

const dayLength = 86_400_000
/** Milliseconds. Longer than the absolute timeout of a session. */
const longest = 8 * dayLength
/** Milliseconds for which somebody who was noted is not noted again. */
const pause = 600_000

export function openPeople(dataFolder: string, now: () => number): People {
  const database = openDatabase(join(dataFolder, 'portal'))
  // Portals that start together on one machine wait for each other.
  database.exec(`PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS people (subject TEXT PRIMARY KEY, username TEXT NOT NULL, seen INTEGER NOT NULL) STRICT`)
  const put = database.prepare('INSERT OR REPLACE INTO people (subject, username, seen) VALUES (?, ?, ?)')
  const noted = new Map<string, number>()
  const sweep = () => {
    database.prepare('DELETE FROM people WHERE seen < ?').run(now() - longest)
    for (const [subject, at] of noted) if (at < now() - pause) noted.delete(subject)
  }
  sweep()
  return {
    note({ preferred_username: username, sub }) {
      if ((noted.get(sub) ?? -Infinity) > now() - pause) return
      noted.set(sub, now())
      put.run(sub, username ?? '', now())
      // Seldom enough: once for each person in ten minutes at most.
      if (noted.size % 50 === 0) sweep()
    },
    list(most) {
      sweep()
      const rows = database.prepare('SELECT subject, username, seen FROM people ORDER BY seen DESC LIMIT ?').all(most)
      return rows.map(({ seen, subject, username }) => ({
        subject: String(subject),
        username: String(username),
        seenAt: Number(seen),
      }))
    },
    forget(subject) {
      noted.delete(subject)
      database.prepare('DELETE FROM people WHERE subject = ?').run(subject)
    },
    close: () => database.close(),
  }
}

/** Where nothing can be written, as in a container whose sessions are elsewhere, the list lasts as long as the process. */
function openDatabase(folder: string): DatabaseSync {
  try {
    makeDataFolder(folder)
    const file = join(folder, 'people.db')
    const database = new DatabaseSync(file)
    chmodSync(file, 0o600)
    return database
  } catch {
    return new DatabaseSync(':memory:')
  }
}
