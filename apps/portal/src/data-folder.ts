import { existsSync, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes a folder and what is missing above it, for this user only. `mkdir` of Node with `recursive` never ends where a file
 * system such as /proc says of a folder that is there that it is not.
 */
export function makeDataFolder(folder: string): void {
  const missing: string[] = []
  for (let place = resolve(folder); !existsSync(place); place = dirname(place)) missing.push(place)
  for (const place of missing.toReversed()) makeOne(place)
}

/** Another program may make it at the same moment. */
function makeOne(place: string): void {
  try {
    mkdirSync(place, { mode: 0o700 })
  } catch (error) {
    if (!existsSync(place)) throw error
  }
}
