import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { guardedLookup, refused } from './collection-address.ts'

/**
 * `fetch` for an address that a stranger chose: refuses private addresses where the name is looked up. Only what the
 * transport of this package asks for works: an address, a text as body, no redirects.
 */
export function guardedFetch(what: string, lookup?: LookupFunction): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const isChecked = url.protocol === 'https:'
    const outgoing = (isChecked ? httpsRequest : httpRequest)(url, {
      method: init.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(isChecked && { lookup: guardedLookup(url.hostname, lookup) }),
      ...(init.signal && { signal: init.signal }),
    })
    outgoing.on('response', resolve)
    outgoing.on('error', (error) => reject(isPrivate(error) ? refused(`its ${what} is private`, 'gcs') : error))
    outgoing.end(typeof init.body === 'string' ? init.body : undefined)
    return responseOf(await promise)
  }
}

function isPrivate(error: Error): boolean {
  return 'code' in error && error.code === 'PIERHEAD_PRIVATE'
}

function responseOf(incoming: IncomingMessage): Response {
  const headers = new Headers()
  for (const [name, values] of Object.entries(incoming.headersDistinct)) headers.set(name, (values ?? []).join(', '))
  const { statusCode: status = 0 } = incoming
  if (status === 204 || status === 205 || status === 304) {
    incoming.resume()
    return new Response(null, { status, headers })
  }
  // Node's web streams are those of the standard library's types.
  return new Response(Readable.toWeb(incoming) as ReadableStream<Uint8Array<ArrayBuffer>>, { status, headers })
}
