import type { AddressInfo, Socket } from 'node:net'
import { createServer, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { getRequestListener } from '@hono/node-server'
import { ConnectionCut } from '../faults.ts'
import { isCut } from '../faults/shape-body.ts'
import type { Log } from '../log.ts'
import { reachable } from './own-addresses.ts'
import { notePeer } from './peer.ts'

export interface Listening {
  readonly host: string
  readonly port: number
  readonly server: Server
}

export interface ListenOptions {
  readonly port: number
  readonly handle: (request: Request) => Promise<Response>
  readonly log: Log
  /** Key and certificate, for https. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined
}

/**
 * Listens on several addresses with one port. The first must be there; others that this machine does not have are named in the log.
 *
 * @throws Error with code `EADDRINUSE`, and what to do
 */
export async function listenAll(
  hosts: readonly string[],
  options: ListenOptions,
): Promise<readonly [Listening, ...Listening[]]> {
  const [host, ...others] = hosts
  if (host === undefined) throw new TypeError('hosts must name at least one address')
  const first = await listen(host, options)
  const listening: [Listening, ...Listening[]] = [first]
  for (const other of others) {
    try {
      listening.push(await listen(other, { ...options, port: first.port }))
    } catch (error) {
      if (!isUnavailable(error)) {
        await Promise.all(listening.map(({ server }) => closeServer(server)))
        throw error
      }
      options.log(`warning: not listening on ${other}, which this machine does not have (${error.code})`)
    }
  }
  return listening
}

/** Opens one listening server on that address. Port 0 takes any free port. */
export async function listen(host: string, { port, handle, log, tls }: ListenOptions): Promise<Listening> {
  const listener = listenerFor(handle, log)
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? portTaken(host, port, error) : error),
    )
    server.listen({ host, port, ipv6Only: host.includes(':') }, resolve)
  })
  return { host, port: addressOf(server).port, server }
}

export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}

type Listener = Parameters<typeof createServer>[1]

function listenerFor(handle: ListenOptions['handle'], log: ListenOptions['log']): Listener {
  return (incoming, outgoing) => {
    const listener = getRequestListener(
      async (request) => {
        notePeer(request, incoming.socket.remoteAddress)
        try {
          const response = await handle(request)
          return isCut(response) ? cutting(response, incoming.socket) : response
        } catch (error) {
          // A cut connection is what a fault asked for; anything else is a defect that must not look like an answer either.
          if (!(error instanceof ConnectionCut))
            log(`warning: defect: ${error instanceof Error ? error.message : 'unknown'}`)
          incoming.socket.destroy()
          return new Response(null, { status: 500 })
        }
      },
      { overrideGlobalObjects: false },
    )
    void listener(incoming, outgoing)
  }
}

/** Sends what there is of a body, and then ends the connection instead of the body. */
function cutting(response: Response, socket: Socket): Response {
  const reader = response.body?.getReader()
  const pull = async (controller: ReadableStreamDefaultController): Promise<void> => {
    const part = await reader?.read().catch(() => undefined)
    if (part?.done === false) controller.enqueue(part.value)
    // Chunks that were written in this turn of the event loop are handed to the socket at its end.
    else setImmediate(() => socket.destroySoon())
  }
  // Without reading ahead: the connection must last until what came before has been written.
  const body = new ReadableStream({ pull }, { highWaterMark: 0 })
  return new Response(body, response)
}

function portTaken(host: string, port: number, cause: NodeJS.ErrnoException): Error {
  const message = `Port ${port} on ${host} is taken (EADDRINUSE). End what listens there, choose another with --port, or let --port 0 find one`
  return Object.assign(new Error(message, { cause }), { code: 'EADDRINUSE' })
}

function isUnavailable(error: unknown): error is NodeJS.ErrnoException {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT'
}

function addressOf(server: Server): AddressInfo {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return address
}

export function originOf({ host, port }: Pick<Listening, 'host' | 'port'>): string {
  const name = reachable(host)
  return new URL(`http://${name.includes(':') ? `[${name}]` : name}:${port}`).origin
}
