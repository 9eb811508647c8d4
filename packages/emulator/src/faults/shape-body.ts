import type { Clock } from '../clock.ts'
import { ConnectionCut, type Fault } from '../faults.ts'

type Shape = Extract<Fault, { kind: 'drip' | 'cut' }>

/** Answers whose bodies go out in an unusual way, once everything else has been done with them. */
const shapes = new WeakMap<Response, Shape>()
const cut = new WeakSet<Response>()

/** Has the body of an answer sent slowly or in part, when `shapeBody` is called with it. */
export function planShape(response: Response, shape: Shape): Response {
  shapes.set(response, shape)
  return response
}

/** Whether the connection is cut in the middle of this answer. */
export const isCut = (response: Response): boolean => cut.has(response)

/** The answer as it goes out: slow or in part, if that was planned. A body that is cut ends with `ConnectionCut`. */
export async function shapeBody(response: Response, clock: Clock): Promise<Response> {
  const shape = shapes.get(response)
  if (shape === undefined) return response
  const bytes = await response.bytes()
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  // So that the head leaves before the body, and that what is missing is noticed.
  headers.set('transfer-encoding', 'chunked')
  const body = shape.kind === 'drip' ? drip(bytes, shape, clock) : begin(bytes, shape.after)
  const shaped = new Response(body, { status: response.status, headers })
  if (shape.kind === 'cut') cut.add(shaped)
  return shaped
}

function drip(
  bytes: Uint8Array,
  { bytes: size = 1, milliseconds }: Extract<Fault, { kind: 'drip' }>,
  clock: Clock,
): ReadableStream<Uint8Array> {
  const given = new AbortController()
  let sent = 0
  return new ReadableStream({
    pull: async (controller) => {
      if (sent > 0) await clock.sleep(milliseconds, given.signal)
      if (given.signal.aborted) return
      if (sent >= bytes.length) {
        controller.close()
        return
      }
      controller.enqueue(bytes.subarray(sent, sent + size))
      sent += size
    },
    cancel: () => given.abort(),
  })
}

function begin(bytes: Uint8Array, after: number): ReadableStream<Uint8Array> {
  let isSent = after === 0
  return new ReadableStream({
    pull: (controller) => {
      if (isSent) {
        controller.error(new ConnectionCut())
        return
      }
      isSent = true
      controller.enqueue(bytes.subarray(0, after))
    },
  })
}
