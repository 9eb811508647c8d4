import { fork, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** One message to a child and one answer back, as often as wanted. */
export interface Child {
  ask(question: object): Promise<unknown>
  stop(): void
}

/** A measurement that takes half a minute on a quiet machine takes minutes on a busy one. */
const patience = 300_000

/** `taskset` of util-linux and two cores; without them the scheduler decides, and the tables say so. */
export const canPin: boolean = ['0', '1'].every((core) => spawnSync('taskset', ['-c', core, 'true']).status === 0)

/**
 * The same for all. V8 lets the young heap of a process grow that first logs a thousand people in; what is then too large
 * for the processor's cache costs every later request more than the request itself does.
 */
const youngHeap = ['--min-semi-space-size=8', '--max-semi-space-size=8']

export interface ChildOptions {
  /** Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** A file of this folder that runs first and answers, for a program that knows nothing of its parent. */
  readonly preload?: string
  /** Whether what it prints is left out. Default false. */
  readonly silent?: boolean
}

/** Runs a file, named from this folder, as a process of its own, on one core, or on all where it has threads to share. */
export function startChild(file: string, core: 0 | 1 | 'all', options: ChildOptions = {}): Child {
  const { env = process.env, preload, silent = false } = options
  const flags = ['--conditions=pierhead-source', '--disable-warning=ExperimentalWarning', ...youngHeap]
  if (preload !== undefined) flags.push('--import', join(import.meta.dirname, preload))
  const [execPath, execArgv] =
    canPin && core !== 'all' ? ['taskset', ['-c', String(core), process.execPath, ...flags]] : [process.execPath, flags]
  const stdio = silent
    ? (['ignore', 'ignore', 'ignore', 'ipc'] as const)
    : (['inherit', 'inherit', 'inherit', 'ipc'] as const)
  const child = fork(join(import.meta.dirname, file), { execPath, execArgv, env, stdio: [...stdio] })
  let last: Promise<unknown> = Promise.resolve()
  return {
    ask(question) {
      const answer = last.then(() => {
        child.send(question)
        return nextMessage(child, file)
      })
      // Answers do not say what they answer: one at a time.
      last = answer.catch(() => undefined)
      return answer
    },
    // Ends it by the rule below, so that it can tidy up, which a signal does not allow.
    stop: () => void (child.connected && child.disconnect()),
  }
}

async function nextMessage(child: ChildProcess, file: string): Promise<unknown> {
  const done = new AbortController()
  const signal = AbortSignal.any([done.signal, AbortSignal.timeout(patience)])
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`${file} ended with ${code}.`)
  })
  try {
    const messages: readonly unknown[] = await Promise.race([once(child, 'message', { signal }), ended])
    return messages[0]
  } finally {
    done.abort()
    ended.catch(() => undefined)
  }
}

/** The child's side: one answer to each question; the process lives as long as its parent does. */
export function answerParent(answer: (question: unknown) => unknown): void {
  process.on('message', (question) => {
    Promise.resolve(question)
      .then(answer)
      .then(
        (reply) => process.send?.(reply ?? {}),
        (error: unknown) => {
          console.error(error)
          process.exit(1)
        },
      )
  })
  process.on('disconnect', () => process.exit())
}
