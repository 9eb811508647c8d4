import type { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { text } from './row.ts'

/** Which port each collection has for its files; kept, so that a link to a file works after a restart. */
export interface DataPlaces {
  all(): readonly (readonly [collection: string, port: number])[]
  put(collection: string, port: number): void
}

const stored = z.record(z.string(), z.number())

export function dataPlacesIn(database: DatabaseSync): DataPlaces {
  const read = database.prepare(`SELECT value FROM settings WHERE name = 'data_ports'`)
  const write = database.prepare(`INSERT OR REPLACE INTO settings (name, value) VALUES ('data_ports', ?)`)
  const all = (): Record<string, number> => {
    const row = read.get()
    return row === undefined ? {} : stored.parse(JSON.parse(text(row, 'value')))
  }
  return {
    all: () => Object.entries(all()),
    put: (collection, port) => {
      const others = Object.entries(all()).filter(([id, taken]) => id !== collection && taken !== port)
      write.run(JSON.stringify({ ...Object.fromEntries(others), [collection]: port }))
    },
  }
}
