import { type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** Milliseconds. Nothing that is waited for takes so long, on a machine however busy: it has hung. */
const patience = 60_000

/**
 * Waits for work that has no deadline of its own.
 * @param what names the work in the error, such as `closing the browser`
 * @throws Error when it has not ended after a minute, or whatever is said
 */
export async function within<Result>(what: string, work: Promise<Result>, milliseconds = patience): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`${what} has not ended after ${milliseconds} ms.`)), milliseconds)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Asks a program to end, and waits until it has. One that does not do so is killed, and its name told.
 * @throws Error when the program had to be killed
 */
export async function endProgram(
  child: ChildProcess,
  signal: NodeJS.Signals = 'SIGTERM',
  milliseconds = patience,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  // A stopped process takes no other signal.
  child.kill('SIGCONT')
  child.kill(signal)
  try {
    await within(`${child.spawnargs.join(' ')} was sent ${signal} and`, ended, milliseconds)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}
