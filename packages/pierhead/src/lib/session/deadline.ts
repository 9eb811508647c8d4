import { LoginError } from '../../errors.ts'

/**
 * Waits for the answer of a database client, but not longer than the deadline: clients queue calls while they have no
 * connection, and a person would wait with them. Whatever fails becomes `store_unavailable`.
 */
export type Deadline = <Result>(work: () => Promise<Result>) => Promise<Result>

/** `name`: what to call the database in messages. */
export function createDeadline(name: string, milliseconds: number): Deadline {
  if (!(milliseconds > 0 && Number.isFinite(milliseconds))) {
    throw new TypeError('timeout must be a positive number of milliseconds.')
  }
  return (work) =>
    new Promise((resolve, reject) => {
      const late = (): void =>
        reject(new LoginError('store_unavailable', `${name} did not answer within ${milliseconds} ms.`))
      // The answer may have come while this process was busy: what has arrived is read before `setImmediate` calls.
      const timer = setTimeout(() => setImmediate(late), milliseconds)
      attempt(work).then(
        (result) => {
          clearTimeout(timer)
          resolve(result)
        },
        (error: unknown) => {
          clearTimeout(timer)
          reject(asUnavailable(name, error))
        },
      )
    })
}

/** For calls that change nothing: a connection that died while it was idle shows it at the next call only. */
export async function twice<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch {
    return work()
  }
}

/** A client that throws at once is a client that fails. */
async function attempt<Result>(work: () => Promise<Result>): Promise<Result> {
  return work()
}

function asUnavailable(name: string, cause: unknown): LoginError {
  if (cause instanceof LoginError) return cause
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : String(cause)
  return new LoginError('store_unavailable', `${name} failed: ${reason}`, { cause })
}
