import { createServer, type Server } from 'node:http'
import { getRequestListener, RequestError } from '@hono/node-server'
import type { Hono } from 'hono'
import { ConfigurationError, type PortalConfig } from './config.ts'

/** The portal's sockets. */
export interface Listening {
  /** Takes no more requests, waits a little for those under way, then cuts them off. */
  close(): Promise<void>
}

type ListenOptions = Pick<PortalConfig, 'port' | 'listen'>

const addresses = { loopback: ['127.0.0.1', '::1'], everywhere: ['0.0.0.0', '::'] } as const
/** Milliseconds that requests under way have to end. Whoever ends the program by force should wait longer. */
const grace = 10_000

/**
 * Listens on IPv4 and, where there is one, on IPv6: `localhost` means either. On this machine only, unless it was told
 * otherwise: a proxy stands before it where others should reach it.
 * @throws ConfigurationError when the port is taken or not allowed
 */
export async function listen(app: Hono, { port, listen: where }: ListenOptions): Promise<Listening> {
  const servers: Server[] = []
  const close = async () => void (await Promise.all(servers.map(closeServer)))
  for (const address of addresses[where]) {
    try {
      servers.push(await openServer(app, address, port))
    } catch (error) {
      if (servers.length > 0 && isMissingAddress(error)) continue
      await close()
      throw explain(error, port)
    }
  }
  return { close }
}

async function openServer(app: Hono, hostname: string, port: number): Promise<Server> {
  const listener = getRequestListener(app.fetch, { errorHandler: answerMalformed })
  // An upload takes as long as it goes on: the kit ends it when nothing comes any more.
  const server = createServer({ requestTimeout: 0 }, (request, response) => void listener(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: hostname, ipv6Only: true }, resolve)
  })
  return server
}

async function closeServer(server: Server): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), grace)
  await new Promise<void>((resolve) => server.close(() => resolve()))
  clearTimeout(cut)
}

/** A request line or `Host` that is no address at all never becomes a request of the app. */
function answerMalformed(error: unknown): Response {
  const [status, code] = error instanceof RequestError ? [400, 'malformed_request'] : [500, 'internal_error']
  const headers = { 'content-type': 'application/problem+json', 'x-content-type-options': 'nosniff' }
  return new Response(JSON.stringify({ type: 'about:blank', status, code }), { status, headers })
}

function isMissingAddress(error: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(codeOf(error))
}

function explain(error: unknown, port: number): unknown {
  const code = codeOf(error)
  if (code === 'EADDRINUSE')
    return new ConfigurationError(`Port ${port} is in use by another program. End it, or set PORT to another number.`)
  if (code === 'EACCES')
    return new ConfigurationError(`Port ${port} needs rights that this user does not have. Set PORT to 1024 or more.`)
  return error
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
