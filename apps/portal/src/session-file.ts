import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import type { SessionStore } from 'pierhead'
import { sqliteStore } from 'pierhead/session-store/sqlite'
import { ConfigurationError } from './config.ts'
import { describeCause } from './log.ts'
import { makeDataFolder } from './data-folder.ts'

/**
 * Opens the sessions below the data folder. Folder and file are for the portal's own user only (0700 and 0600).
 * @throws ConfigurationError when the folder cannot be used
 */
export function openSessionStore(dataFolder: string, now?: () => number): SessionStore {
  const folder = join(dataFolder, 'portal')
  const file = join(folder, 'sessions.db')
  try {
    makeDataFolder(folder)
    chmodSync(folder, 0o700)
    return sqliteStore(file, now === undefined ? {} : { now })
  } catch (cause) {
    throw new ConfigurationError(
      `The portal cannot keep sessions in ${file} (${describeCause(cause)}). Set PIERHEAD_DATA to a folder on a local disk ` +
        'that its user may write.',
      { cause },
    )
  }
}
