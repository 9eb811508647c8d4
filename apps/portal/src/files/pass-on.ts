import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { describeCause, type PortalLog } from '../log.ts'

/**
 * The bytes as they come. When they end too early the connection is cut, which is all that tells the person so once the
 * headers are gone; the log says why.
 */
export function passOn(c: Context, log: PortalLog, body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  const request = log.requestId()
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (done) controller.close()
          else controller.enqueue(value)
        } catch (error) {
          log.logger.warn({ request, cause: describeCause(error) }, 'A download was cut off.')
          // The adapter for Node would print what it is given, and not as a line of the log.
          const outgoing = outgoingOf(c)
          outgoing?.destroy()
          if (outgoing === undefined) controller.error(error)
          else controller.close()
        }
      },
      cancel: (reason) => reader.cancel(reason),
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
