import type { DatabaseSync } from 'node:sqlite'
import { groupsTableNames } from './groups-schema.ts'
import { searchTableNames } from './search-schema.ts'

/** Forgets groups, search indexes and mails. */
export function forgetServices(database: DatabaseSync): void {
  for (const table of [...groupsTableNames, ...searchTableNames]) database.exec(`DELETE FROM ${table}`)
}
