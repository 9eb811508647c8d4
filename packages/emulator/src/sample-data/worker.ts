import { parentPort, workerData } from 'node:worker_threads'
import { makeSampleFiles, type FolderPaths } from './make-files.ts'

// What start.ts hands over; both files are one program.
const folders = workerData as FolderPaths
// A thread's port has no origin.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(makeSampleFiles(folders))
