import { isNativeError } from 'node:util/types'
import { createContext, runInContext } from 'node:vm'

/**
 * What the work makes of a stranger's text; undefined when it takes longer than it may. Some texts keep a parser busy for
 * minutes, and nobody else is answered meanwhile. The work must not wait for anything, and must leave nothing half done outside.
 */
export function withinTime<T extends object>(work: () => T, milliseconds: number): T | undefined {
  const results: T[] = []
  try {
    // Only a script that is run like this is stopped; what it calls is stopped with it.
    runInContext('run()', createContext({ run: () => void results.push(work()) }), { timeout: milliseconds })
  } catch (error) {
    if (isTimeout(error)) return undefined
    throw error
  }
  return results[0]
}

/** It is an error of the other context, and no instance of this one's `Error`. */
function isTimeout(error: unknown): boolean {
  return isNativeError(error) && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
}
