import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite'

/** Everything that was stored at one moment. */
export interface Snapshot {
  readonly tables: ReadonlyMap<string, readonly Readonly<Record<string, SQLOutputValue>>[]>
}

export interface Snapshots {
  take(): Snapshot
  /** Puts everything back as it was; what came into being since is gone. */
  restore(snapshot: Snapshot): void
}

export function snapshotsIn(database: DatabaseSync): Snapshots {
  const names = (): readonly string[] =>
    database
      .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid`)
      .all()
      .map(({ name }) => String(name))
  return {
    take: () => ({
      tables: new Map(names().map((name) => [name, database.prepare(`SELECT * FROM "${name}" ORDER BY rowid`).all()])),
    }),
    restore: ({ tables }) => {
      // Rows may stand before those they refer to: they are compared at the end of the transaction.
      database.exec('PRAGMA defer_foreign_keys = ON')
      for (const name of names().toReversed()) database.exec(`DELETE FROM "${name}"`)
      for (const [name, rows] of tables) for (const row of rows) insert(database, name, row)
    },
  }
}

function insert(database: DatabaseSync, table: string, row: Readonly<Record<string, SQLInputValue>>): void {
  const columns = Object.keys(row)
  const [names, places] = [columns.map((column) => `"${column}"`).join(', '), columns.map(() => '?').join(', ')]
  database.prepare(`INSERT INTO "${table}" (${names}) VALUES (${places})`).run(...Object.values(row))
}
