import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import type { Root } from '../collections/tree.ts'
import type { Collection } from '../world/collections.ts'

/** Where collections lie on this machine. */
export interface CollectionRoots {
  /** Makes the directory when it is first used. @throws TypeError for an endpoint without data */
  rootOf(collection: Collection): Root
  /** The directory, made or not; null for an endpoint without data. */
  pathOf(collection: Collection): string | null
  /** Removes the directories of a world that is kept in memory. */
  close(): void
}

/** Collections lie in `collections` below the data directory, or in a temporary directory without one. */
export function createRoots(dataDir: string | undefined): CollectionRoots {
  let temporary: string | undefined
  const base = (): string => {
    if (dataDir !== undefined) return join(dataDir, 'collections')
    temporary ??= mkdtempSync(join(tmpdir(), 'pierhead-emulator-'))
    return temporary
  }
  const pathOf = ({ folder }: Collection): string | null =>
    folder === null || isAbsolute(folder) ? folder : join(base(), folder)
  return {
    rootOf: (collection) => {
      const path = pathOf(collection)
      if (path === null) throw new TypeError(`Endpoint ${collection.id} holds no data`)
      if (collection.folder !== path) mkdirSync(path, { recursive: true, mode: 0o700 })
      return { path, base: collection.base.split('/').filter((name) => name !== '') }
    },
    pathOf,
    close: () => {
      if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true })
      temporary = undefined
    },
  }
}
