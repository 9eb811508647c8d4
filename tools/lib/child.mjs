// Child processes that never outlive the command that started them. Plain JavaScript: tools/run.mjs needs it.
import { spawn } from 'node:child_process'

const followParent = new URL('follow-parent.mjs', import.meta.url).href

/**
 * Starts a file under the given Node, with the workspace packages resolved to their sources.
 * @param {string} node path of the Node to use
 * @param {readonly string[]} command the file and its arguments
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, stdout?: 'inherit' | 'pipe' }} options stdout: default inherit
 */
export function startNode(node, command, { cwd, env, stdout = 'inherit' }) {
  const flags = ['--conditions=pierhead-source', '--disable-warning=ExperimentalWarning', `--import=${followParent}`]
  return spawn(node, [...flags, ...command], { cwd, env, stdio: ['inherit', stdout, 'inherit', 'ipc'] })
}

/**
 * Passes signals on to the child and ends this process as the child ended.
 * @param {import('node:child_process').ChildProcess} child
 */
export function exitLike(child) {
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error(`Cannot start ${child.spawnfile}: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    for (const name of signals) process.removeAllListeners(name)
    if (signal) process.kill(process.pid, signal)
    else process.exit(code ?? 1)
  })
}

/**
 * Ends the child once the process that started this one is gone. npm puts a shell in between that dies of a signal
 * without passing it on; a runner started by hand may outlive its shell, so that `nohup` works.
 * @param {import('node:child_process').ChildProcess} child
 */
export function endWithNpm(child) {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM')
  }, 250)
  child.once('exit', () => clearInterval(timer))
}

/**
 * Asks the child to end, and insists when it has not done so in time.
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} patience milliseconds between SIGTERM and SIGKILL
 * @returns {Promise<void>} settled once the process is gone
 */
export function stop(child, patience = 5000) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), patience)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    child.kill('SIGTERM')
  })
}
