// Two commands in one fresh clone must not install over each other. The lock names its holder, so that one left behind
// by a killed process is taken over. Plain JavaScript: it runs before anything is installed.
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'

/**
 * Runs `action` while this process alone holds the lock file.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} action
 * @param {{ timeout?: number, interval?: number }} options milliseconds; default: wait 10 minutes, look every 200 ms
 * @returns {Promise<T>}
 */
export async function withLock(file, action, { timeout = 600_000, interval = 200 } = {}) {
  const end = Date.now() + timeout
  let told = false
  while (!take(file)) {
    const holder = read(file)
    if (holder !== undefined && isAbandoned(file, holder)) discard(file, holder)
    else if (Date.now() > end)
      throw new Error(`Process ${holder} holds ${file} for too long. If it is gone, delete that file.`)
    else {
      if (!told) console.log(`Waiting for process ${holder ?? ''} that is installing already …`)
      told = true
      await new Promise((resolve) => setTimeout(resolve, interval))
    }
  }
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await action()
  } finally {
    process.off('exit', release)
    release()
  }
}

/** @param {string} file */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/** @param {string} file @returns {string | undefined} */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** @param {string} file @param {string} holder */
function isAbandoned(file, holder) {
  // Empty for the instant between creation and writing.
  if (holder === '') return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 10_000
  try {
    process.kill(Number(holder), 0)
    return false
  } catch (error) {
    return codeOf(error) !== 'EPERM'
  }
}

/** @param {string} file @param {string} holder */
function discard(file, holder) {
  // Another process may have replaced the abandoned lock by its own just now: rename, look, and put it back.
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
    if (readFileSync(aside, 'utf8') === holder) rmSync(aside)
    else renameSync(aside, file)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
