import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionStore } from 'pierhead'
import { sqliteStore } from 'pierhead/session-store/sqlite'
import { ConfigurationError } from './config.ts'

/**
 * Opens the sessions below the data folder. Folder and file are for the portal's own user only (0700 and 0600); SQLite
 * gives its side files the same mode.
 * @throws ConfigurationError when the folder cannot be used
 */
export function openSessionStore(dataFolder: string): SessionStore {
  const folder = join(dataFolder, 'portal')
  const file = join(folder, 'sessions.db')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
    closeSync(openSync(file, 'a', 0o600))
    chmodSync(file, 0o600)
    return sqliteStore(file)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be opened'
    throw new ConfigurationError(
      `The portal cannot keep sessions in ${file}: ${reason}. Set PIERHEAD_DATA to a folder that its user may write.`,
      { cause },
    )
  }
}
