import { isPierheadError, LoginError } from '../../errors.ts'
import type { SessionStore } from './session-store.ts'

/** The same store, but whatever its driver throws arrives as `store_unavailable`, with the driver's error as cause. */
export function guardStore(store: SessionStore): SessionStore {
  return {
    create: (id, value, entry) => guard(() => store.create(id, value, entry)),
    read: (id) => guard(() => store.read(id)),
    replace: (id, previous, next, entry) => guard(() => store.replace(id, previous, next, entry)),
    delete: (id) => guard(() => store.delete(id)),
    async *listBySubject(subject) {
      try {
        yield* store.listBySubject(subject)
      } catch (error) {
        throw asUnavailable(error)
      }
    },
    sweep: (limit) => guard(() => store.sweep(limit)),
    enqueue: (id, value, due) => guard(() => store.enqueue(id, value, due)),
    claim: (limit, lease) => guard(() => store.claim(limit, lease)),
    settle: (id) => guard(() => store.settle(id)),
    close: () => store.close(),
  }
}

async function guard<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw asUnavailable(error)
  }
}

function asUnavailable(error: unknown): Error {
  if (isPierheadError(error)) return error
  return new LoginError('store_unavailable', 'The session store failed.', { cause: error })
}
