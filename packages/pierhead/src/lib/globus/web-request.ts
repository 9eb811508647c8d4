import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ProxyRequest } from './api-proxy.ts'

/** A request of `node:http` in the proxy's form. Its signal aborts when the connection closes before the answer is whole. */
export function readProxyRequest(
  req: IncomingMessage,
  res: ServerResponse,
  target: string = req.url ?? '/',
): ProxyRequest {
  const gone = new AbortController()
  res.once('close', () => {
    if (!res.writableFinished) gone.abort()
  })
  const headers = new Headers()
  for (const [name, values] of Object.entries(req.headersDistinct)) headers.set(name, (values ?? []).join(', '))
  const { method = 'GET' } = req
  const isEmpty =
    headers.get('content-length') === '0' || !['content-length', 'transfer-encoding'].some((n) => headers.has(n))
  // Node's web streams are those of the standard library's types.
  const body = isEmpty ? null : (Readable.toWeb(req) as ReadableStream<Uint8Array>)
  return { method, target, headers, body, signal: gone.signal }
}

/** Sends the answer as fast as the client takes it. A client that goes away ends the exchange, and that is no error. */
export async function sendResponse(res: ServerResponse, response: Response): Promise<void> {
  res.statusCode = response.status
  for (const [name, value] of response.headers) res.setHeader(name, value)
  if (response.body === null) {
    res.end()
    return
  }
  try {
    // As in readProxyRequest.
    await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), res)
  } catch {
    // Half an answer cannot be taken back: the client must see that it is broken.
    res.destroy()
  }
}
