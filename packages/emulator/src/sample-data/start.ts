import { Worker } from 'node:worker_threads'
import { isAbsolute } from 'node:path'
import type { Emulator } from '../emulator.ts'
import type { Log } from '../log.ts'
import { sampleFolders } from './files.ts'
import { plantHistory } from './history.ts'
import type { FolderPaths, MadeFiles } from './make-files.ts'

// Built as JavaScript, run from source as TypeScript.
const workerFile = new URL(`./worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)

/** Makes the demo world's files in a thread, and its past tasks. Resolves when all is there; never rejects. */
export async function makeSampleData(emulator: Emulator, log: Log): Promise<void> {
  try {
    const { files, skipped } = await makeFiles(foldersOf(emulator))
    if (files > 0) log(`sample data: ${files} files`)
    if (skipped.length > 0)
      log(`warning: this file system does not hold ${skipped.map((name) => JSON.stringify(name)).join(', ')}`)
    if (files > 0) plantHistory(emulator)
  } catch (error) {
    log(`warning: the sample data are not complete: ${error instanceof Error ? error.message : 'unknown'}`)
  }
}

function foldersOf({ world, transfer }: Emulator): FolderPaths {
  const own = world.collections.all().flatMap((collection) => {
    const { folder } = collection
    const path = transfer.roots.pathOf(collection)
    return folder === null || path === null || isAbsolute(folder) || !(folder in sampleFolders)
      ? []
      : [[folder, path] as const]
  })
  return Object.fromEntries(own)
}

function makeFiles(folders: FolderPaths): Promise<MadeFiles> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(workerFile, { workerData: folders, execArgv: [], name: 'sample-data' })
    worker.once('message', (made: MadeFiles) => resolve(made))
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)))
    worker.unref()
  })
}
