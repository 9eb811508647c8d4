import { systemClock, type ServiceClock } from './client-options.ts'
import type { Task } from './transfer-documents.ts'

/** How to follow a task. */
export interface WaitOptions {
  /** Called with every state that was read, the last included. What it throws ends the waiting. */
  readonly onProgress?: (task: Task) => void
  /** Ends the waiting, not the task. */
  readonly signal?: AbortSignal
}

const shortest = 1000
const longest = 10_000

/**
 * Waits until a task is no longer active: after one second, then at growing distances of at most ten. `SUCCEEDED`,
 * `FAILED` (which a cancelled task is too) and `INACTIVE` (which goes on only when a person does something) end it.
 */
export async function waitForTask(
  read: (signal: AbortSignal | undefined) => Promise<Task>,
  { onProgress, signal }: WaitOptions,
  clock: ServiceClock = systemClock,
): Promise<Task> {
  for (let wait = shortest; ; wait = Math.min(longest, wait * 1.5)) {
    const task = await read(signal)
    onProgress?.(task)
    if (task.status !== 'ACTIVE') return task
    await clock.wait(wait, signal).catch((error: unknown) => {
      signal?.throwIfAborted()
      throw error
    })
  }
}
