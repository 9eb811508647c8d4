import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const marker = 'THIS-IS-PIERHEAD-DATA'
const note =
  'Made by `npm start`; `npm start -- --fresh` deletes this folder. Nothing else is needed to forget it all.\n'

/** A data folder that this process holds until `release`. */
export interface DataFolder {
  readonly path: string
  /** Process that uses the wanted folder, when this one had to take another. */
  readonly otherUser: number | undefined
  release(): void
}

/**
 * Opens the folder (mode 0700), makes it when it is missing, and empties it first when `fresh`. Two starts never share
 * one: while the wanted folder is in use, the next is taken, named with -2, -3 and so on.
 * @throws Error for a folder with contents that this program did not make, and for one that cannot be made
 */
export function openDataFolder(wanted: string, fresh: boolean): DataFolder {
  let otherUser: number | undefined
  for (let number = 1; ; number += 1) {
    const path = number === 1 ? wanted : `${wanted}-${number}`
    const user = runningUser(path)
    if (user === undefined) return { path: claim(path, fresh), otherUser, release: () => release(path) }
    otherUser ??= user
  }
}

/** The secret that seals sessions: made once, readable by its owner only, kept with the data. */
export function sessionSecret(data: string): string {
  const file = join(data, 'session-secret')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  chmodSync(file, 0o600)
  return readFileSync(file, 'utf8').trim()
}

function claim(path: string, fresh: boolean): string {
  if (existsSync(path) && !existsSync(join(path, marker)) && readdirSync(path).length > 0)
    throw new Error(`${path} holds files that npm start did not make. Name another folder with PIERHEAD_DATA.`)
  // The folder itself stays: it may be a link, or a mounted disk.
  if (fresh && existsSync(path)) for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true })
  make(path)
  writeFileSync(join(path, marker), note)
  writeFileSync(pidFile(path), String(process.pid), { mode: 0o600 })
  return path
}

function make(path: string): void {
  try {
    makeBelow(path)
    chmodSync(path, 0o700)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${path} cannot be made (${why}). Name another folder with PIERHEAD_DATA.`, { cause })
  }
}

/** Not by `recursive`, with which Node never comes back from /proc. */
function makeBelow(path: string): void {
  if (existsSync(path)) return
  makeBelow(dirname(path))
  mkdirSync(path, { mode: 0o700 })
}

function release(path: string): void {
  if (runningUser(path) === undefined) rmSync(pidFile(path), { force: true })
}

/** The live process, other than this one, that has the folder open. */
function runningUser(path: string): number | undefined {
  if (!existsSync(pidFile(path))) return undefined
  const pid = Number(readFileSync(pidFile(path), 'utf8'))
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return undefined
  return isTask(pid) ? pid : undefined
}

function isTask(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // The number may belong to somebody else by now; where the system tells what runs under it, ask.
  const commandLine = `/proc/${pid}/cmdline`
  return !existsSync(commandLine) || /node|vitest/.test(readFileSync(commandLine, 'utf8'))
}

function pidFile(path: string): string {
  return join(path, 'running.pid')
}
