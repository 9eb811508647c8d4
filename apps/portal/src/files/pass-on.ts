import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { SessionWatch } from '../access/session-ends.ts'
import { describeCause, type PortalLog } from '../log.ts'

interface Passed {
  readonly body: ReadableStream<Uint8Array>
  /** Stopped when the last byte is gone. */
  readonly ends: SessionWatch
}

/**
 * The bytes as they come, no longer than the session lasts. When they end too early the connection is cut, which is all that
 * tells the person so once the headers are gone; the log says why.
 */
export function passOn(c: Context, log: PortalLog, { body, ends }: Passed): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  const request = log.requestId()
  let isOver = false
  const finish = (): boolean => {
    ends.stop()
    const isFirst = !isOver
    isOver = true
    return isFirst
  }
  const cut = (error: unknown, controller: ReadableStreamDefaultController): void => {
    if (!finish()) return
    log.logger.warn({ request, cause: describeCause(error) }, 'A download was cut off.')
    // The adapter for Node would print what it is given, and not as a line of the log.
    const outgoing = outgoingOf(c)
    outgoing?.destroy()
    if (outgoing === undefined) controller.error(error)
    else controller.close()
  }
  return new ReadableStream(
    {
      start(controller) {
        // Also while nobody reads, when nothing would be asked for here.
        ends.signal.addEventListener('abort', () => cut(ends.signal.reason, controller))
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (isOver) return
          if (!done) return controller.enqueue(value)
          if (finish()) controller.close()
        } catch (error) {
          cut(error, controller)
        }
      },
      cancel(reason) {
        finish()
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}

/** Undefined where the portal runs without a socket. */
function outgoingOf(c: Context): HttpBindings['outgoing'] | undefined {
  // What the adapter for Node hands over; without it there is nothing.
  const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>
  return outgoing
}
