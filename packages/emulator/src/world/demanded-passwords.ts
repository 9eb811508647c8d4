import type { DatabaseSync } from 'node:sqlite'

/** Whose password was chosen by somebody, and is therefore asked for. Passwords that the emulator made up are not. */
export interface DemandedPasswords {
  demand(identity: string): void
  has(identity: string): boolean
}

const PREFIX = 'password demanded of '

export function demandedPasswordsIn(database: DatabaseSync): DemandedPasswords {
  const add = database.prepare(`INSERT OR IGNORE INTO settings (name, value) VALUES (?, 'yes')`)
  const find = database.prepare('SELECT value FROM settings WHERE name = ?')
  return {
    demand: (identity) => void add.run(PREFIX + identity),
    has: (identity) => find.get(PREFIX + identity) !== undefined,
  }
}
