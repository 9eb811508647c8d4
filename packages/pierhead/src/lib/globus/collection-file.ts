import type { IncomingMessage } from 'node:http'
import { isGlobusServiceError } from '../../errors.ts'
import type { ServiceClock } from './client-options.ts'
import { connectionFailure, timeoutFailure } from './connection-failure.ts'
import { idleLimit } from './idle-limit.ts'

/** What the server says of a file. */
export interface FileInfo {
  readonly status: number
  /** Bytes of this answer; undefined when the server did not say. */
  readonly size: number | undefined
  readonly contentType: string | undefined
  readonly etag: string | undefined
  readonly lastModified: string | undefined
  /** Undefined: the whole file, also where a part was asked for. */
  readonly range: { readonly start: number; readonly end: number; readonly total: number | undefined } | undefined
}

/** A file of a collection, with its bytes. */
export interface CollectionFile extends FileInfo {
  readonly body: ReadableStream<Uint8Array>
}

export function fileInfo({ statusCode = 0, headers }: IncomingMessage): FileInfo {
  const [, start, end, total] =
    /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(headers['content-range'] ?? '') ?? []
  const length = headers['content-length']
  return {
    status: statusCode,
    size: length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined,
    contentType: headers['content-type'],
    etag: headers.etag,
    lastModified: headers['last-modified'],
    range:
      statusCode === 206 && start !== undefined
        ? { start: Number(start), end: Number(end), total: total === '*' ? undefined : Number(total) }
        : undefined,
  }
}

interface BodyOptions {
  readonly url: URL
  readonly clock: ServiceClock
  readonly idleTimeout: number
  /** For errors. Default: collection. */
  readonly service?: string
}

/** The data of an answer, read as fast as it is taken; ends in an error when nothing comes for too long, or it is cut. */
export function fileBody(
  incoming: IncomingMessage,
  { url, clock, idleTimeout, service = 'collection' }: BodyOptions,
): ReadableStream<Uint8Array> {
  const idle = idleLimit(clock, idleTimeout, () => incoming.destroy(timeoutFailure(service, undefined)))
  let take = (_chunk: Uint8Array): void => undefined
  let isOver = false
  // What was read before it was cancelled, its end too, comes after that.
  const end = (finish: () => void): void => {
    if (isOver) return
    isOver = true
    idle.stop()
    incoming.off('data', take)
    finish()
  }
  return new ReadableStream({
    // By events: an iterator would join chunks that came together, which copies them.
    start(controller) {
      take = (chunk) => {
        controller.enqueue(chunk)
        if ((controller.desiredSize ?? 0) > 0) return
        // While nobody reads, nothing moves, and that is nobody's fault.
        incoming.pause()
        idle.pause()
      }
      incoming.on('data', take)
      incoming.once('end', () => end(() => controller.close()))
      incoming.once('error', (error) =>
        end(() => controller.error(isGlobusServiceError(error) ? error : connectionFailure(service, url, error))),
      )
      incoming.pause()
    },
    pull() {
      idle.reset()
      incoming.resume()
    },
    cancel: () => end(() => incoming.destroy()),
  })
}
