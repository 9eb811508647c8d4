import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { defaultTimeout, systemClock, type ServiceClock } from './client-options.ts'
import { guardedLookup, refused } from './collection-address.ts'
import { connectionFailure, timeoutFailure } from './connection-failure.ts'
import { idleLimit } from './idle-limit.ts'

export interface ExchangeOptions {
  /** Milliseconds without a byte from whoever is waited for, after which an exchange ends in an error. Default 30,000. */
  readonly idleTimeout?: number
  readonly clock?: ServiceClock
  /** How names of collections become addresses. Default: Node's own. Private addresses are refused whatever it says. */
  readonly lookup?: LookupFunction
}

export interface ProxyExchange {
  readonly service: string
  readonly url: URL
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: ReadableStream<Uint8Array> | null
  /** The server is a stranger's: its name must not lead to a private address. */
  readonly isForeign: boolean
  /** Ends the exchange in both directions: the client is gone. */
  readonly signal: AbortSignal | undefined
}

/**
 * Sends a request on and resolves with the beginning of the answer, which may come before the body has left. Bodies flow
 * as fast as both ends take them. Redirects are answers like any other.
 */
export async function exchange(request: ProxyExchange, options: ExchangeOptions): Promise<IncomingMessage> {
  const { service, url, method, headers, body, isForeign, signal } = request
  const isSecure = url.protocol === 'https:'
  const outgoing = (isSecure ? httpsRequest : httpRequest)(url, {
    method,
    headers,
    ...(isForeign && isSecure && { lookup: guardedLookup(url.hostname, options.lookup) }),
    ...(signal && { signal }),
  })
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const idle = idleLimit(options.clock ?? systemClock, options.idleTimeout ?? defaultTimeout, () =>
    outgoing.destroy(timeoutFailure(service, undefined)),
  )
  outgoing.on('response', resolve)
  outgoing.on('error', reject)
  idle.reset()
  try {
    if (body === null) outgoing.end()
    // An answer that comes before the whole body was sent counts, not the broken pipe that follows it.
    else
      pipeline(
        chunksOf(body, () => idle.reset()),
        outgoing,
      ).catch(reject)
    return await promise
  } catch (error) {
    signal?.throwIfAborted()
    throw failureOf(service, url, error)
  } finally {
    idle.stop()
  }
}

async function* chunksOf(body: ReadableStream<Uint8Array>, moved: () => void): AsyncGenerator<Uint8Array> {
  // Node's web streams are those of the standard library's types.
  for await (const chunk of Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])) {
    moved()
    yield chunk
  }
}

function failureOf(service: string, url: URL, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('globus_')) return error
  return code === 'PIERHEAD_PRIVATE' ? refused('its HTTPS server is private') : connectionFailure(service, url, error)
}
