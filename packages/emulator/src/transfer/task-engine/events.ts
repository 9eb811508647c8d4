import type { World } from '../../world.ts'
import { describeCode, type Failure } from './failure.ts'

type Record = (task: string, time: number) => void

/** Writes the events of tasks. Their details are text, or JSON as text. */
export function eventsIn({ taskEvents }: Pick<World, 'taskEvents'>): {
  started(type: 'TRANSFER' | 'DELETE'): Record
  progress(done: { bytes: number; milliseconds: number }): Record
  plain(code: string, details: string, isError?: boolean): Record
  fault(failure: Failure, where: { name: string; id: string; step: string }): Record
} {
  const record =
    (code: string, details: string, isError = false): Record =>
    (task, time) =>
      taskEvents.add({ task, code, isError, description: describeCode(code), details, time })
  return {
    started: (type) =>
      record(
        'STARTED',
        pretty(
          type === 'TRANSFER'
            ? { type: 'GridFTP Transfer', concurrency: 2, parallelism: 4, pipelining: 20 }
            : { type: 'GridFTP Delete' },
        ),
      ),
    progress: ({ bytes, milliseconds }) =>
      record(
        'PROGRESS',
        pretty({
          bytes_transferred: bytes,
          duration: Number((milliseconds / 1000).toFixed(2)),
          mbps: Number(((bytes * 8) / 1000 / Math.max(milliseconds, 1)).toFixed(2)),
        }),
      ),
    plain: record,
    fault: (failure, where) =>
      record(
        failure.code,
        [
          `Error (${where.step})`,
          `Endpoint: ${where.name} (${where.id})`,
          `File: ${failure.path}`,
          `Message: ${describeCode(failure.code)}`,
          '---',
          `Details: ${failure.message}`,
        ].join('\n'),
        true,
      ),
  }
}

const pretty = (details: object): string => JSON.stringify(details, null, 2)
