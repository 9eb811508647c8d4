import { once } from 'node:events'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'

export interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Not fetch, which lets nobody lie about the host and changes addresses. `path`: as it stands in the request line. */
export async function ask(origin: string, path: string, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
  const options = { path, servername: 'localhost', headers: { accept: 'text/html', ...headers } }
  const outgoing = request(origin, options).end()
  // The event's one argument.
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: await text(incoming) }
}

/** An event stream as a browser would keep it. */
export interface EventStream {
  /** Resolves once the text has arrived, with the time of its arrival. Throws when the stream ends before. */
  arrival(text: string): Promise<number>
  close(): void
}

export async function openEvents(address: string): Promise<EventStream> {
  const outgoing = request(address, { headers: { accept: 'text/event-stream' } }).end()
  // The event's one argument.
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
  let all = ''
  let ended = false
  incoming.setEncoding('utf8').on('data', (part: string) => (all += part))
  incoming.once('close', () => (ended = true)).on('error', () => undefined)
  return {
    async arrival(wanted) {
      while (!all.includes(wanted)) {
        if (ended) throw new Error(`The stream ended after ${JSON.stringify(all)}.`)
        await Promise.race([once(incoming, 'data'), once(incoming, 'close')])
      }
      return performance.now()
    },
    close: () => void incoming.destroy(),
  }
}
