import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { onTestFinished, vi } from 'vitest'
import type { ServiceClock } from '../../src/globus.ts'

export interface Received {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: readonly string[]
  readonly body: string
}

export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON unless it is text or bytes. */
  readonly body?: unknown
}

export type Handler = (request: Received, response: ServerResponse) => Reply | undefined | Promise<Reply | undefined>

export interface Service {
  readonly origin: string
  readonly received: Received[]
  /** In place of the handler that it was started with. */
  answer(handler: Handler): void
}

const services = ['AUTH', 'TRANSFER', 'GROUPS', 'SEARCH', 'FLOWS', 'TIMERS'] as const

/** A server on loopback that plays every Globus service for one test. A handler that gives nothing answers by itself. */
export async function startService(handler: Handler): Promise<Service> {
  let current = handler
  const received: Received[] = []
  const server = createServer((request, response) => void serve(request, response))
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://service.invalid')
    const { method = '', headers, rawHeaders } = request
    const one = { method, path: url.pathname, query: url.searchParams, headers, rawHeaders, body: await text(request) }
    received.push(one)
    const reply = await current(one, response)
    if (reply) send(response, reply)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  // A TCP server's address is an object.
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  for (const name of services) vi.stubEnv(`GLOBUS_SDK_SERVICE_URL_${name}`, origin)
  return { origin, received, answer: (handler) => void (current = handler) }
}

function send(response: ServerResponse, { status = 200, headers = {}, body }: Reply): void {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(isRaw ? body : body === undefined ? '' : JSON.stringify(body))
}

export const token = 'AgSecretTokenOfMaya'
export const uuid = '0f9b7c52-6c9a-4b6c-9f57-0b1c0b1f3a77'
export const otherUuid = '7c1de2b0-5a44-4c0e-9d33-0a6b1d5d90aa'

/** Gives a token that names the resource server it is for. */
export const session = { accessToken: async (resourceServer: string) => `${token}.${resourceServer}` }

/** A clock whose waits pass at once and are noted; deadlines come only when a test says so. */
export interface SwiftClock extends ServiceClock {
  readonly waits: number[]
  readonly expire: () => void
}

export function swiftClock(now = Date.UTC(2026, 3, 1, 12)): SwiftClock {
  const waits: number[] = []
  const deadline = new AbortController()
  return {
    waits,
    expire: () => deadline.abort(new DOMException('Timed out.', 'TimeoutError')),
    now: () => now,
    timeout: () => deadline.signal,
    wait: async (milliseconds, signal) => {
      signal?.throwIfAborted()
      waits.push(milliseconds)
    },
  }
}

/** What a promise is rejected with; a promise that is kept fails the test. */
export async function refusal(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('It was expected to be refused.')
}
