import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sampleFolders, type SampleFile } from './files.ts'

/** Where the folders of the demo world are, by their names. */
export type FolderPaths = Readonly<Record<string, string>>

export interface MadeFiles {
  readonly files: number
  /** Names that the file system does not hold. */
  readonly skipped: readonly string[]
}

/** Fills the folders that are missing or empty; any other is somebody's, and stays as it is. */
export function makeSampleFiles(folders: FolderPaths): MadeFiles {
  const skipped: string[] = []
  let files = 0
  for (const [name, path] of Object.entries(folders)) {
    if (existsSync(path) && readdirSync(path).length > 0) continue
    // Made under another name, so that a start that is cut short leaves nothing half full.
    const draft = `${path}.making`
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft, { recursive: true, mode: 0o700 })
    for (const file of sampleFolders[name]?.() ?? []) {
      if (makeFile(draft, file)) files += 1
      else skipped.push(file.path)
    }
    renameSync(draft, path)
  }
  return { files, skipped }
}

function makeFile(folder: string, { path, content }: SampleFile): boolean {
  const place = join(folder, path)
  try {
    mkdirSync(dirname(place), { recursive: true })
    if (typeof content === 'string' || Buffer.isBuffer(content)) writeFileSync(place, content, { flag: 'wx' })
    else {
      writeFileSync(place, content.header, { flag: 'wx' })
      truncateSync(place, content.length)
    }
    return true
  } catch {
    return false
  }
}
