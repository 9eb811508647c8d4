import { createServer, type IncomingMessage, type Server } from 'node:http'
import { getRequestListener, RequestError } from '@hono/node-server'
import type { Hono } from 'hono'
import { ConfigurationError, type PortalConfig } from './config.ts'

/** The portal's sockets. */
export interface Listening {
  /** Takes no more requests, waits a little for those under way, then cuts them off. */
  close(): Promise<void>
}

/** How long the portal waits for what it was promised, in milliseconds. */
export interface Patience {
  /** For the line and the headers of a request. */
  readonly headers: number
  /** For the whole of a request that is no upload. */
  readonly body: number
  /** For a connection on which nothing moves in either direction: a stream of events has a heartbeat, a paused download ends. */
  readonly silence: number
  /** Time between looks at connections that have not sent their headers. */
  readonly check: number
}

const usual: Patience = { headers: 60_000, body: 120_000, silence: 600_000, check: 10_000 }

type ListenOptions = Pick<PortalConfig, 'port' | 'listen'>

const addresses = { loopback: ['127.0.0.1', '::1'], everywhere: ['0.0.0.0', '::'] } as const
/** Milliseconds that requests under way have to end. Whoever ends the program by force should wait longer. */
const grace = 10_000

/**
 * Listens on IPv4 and, where there is one, on IPv6: `localhost` means either. On this machine only, unless it was told
 * otherwise: a proxy stands before it where others should reach it.
 * @throws ConfigurationError when the port is taken or not allowed
 */
export async function listen(
  app: Hono,
  { port, listen: where }: ListenOptions,
  patience: Patience = usual,
): Promise<Listening> {
  const servers: Server[] = []
  const close = async () => void (await Promise.all(servers.map(closeServer)))
  for (const address of addresses[where]) {
    try {
      servers.push(await openServer(app, { address, port, patience }))
    } catch (error) {
      if (servers.length > 0 && isMissingAddress(error)) continue
      await close()
      throw explain(error, port)
    }
  }
  return { close }
}

interface Address {
  readonly address: string
  readonly port: number
  readonly patience: Patience
}

async function openServer(app: Hono, { address, port, patience }: Address): Promise<Server> {
  const listener = getRequestListener(app.fetch, { errorHandler: answerMalformed })
  // An upload takes as long as it goes on: the kit ends it when nothing comes any more. Without a limit of its own for the
  // headers Node would have none for them either.
  const timeouts = { requestTimeout: 0, headersTimeout: patience.headers, connectionsCheckingInterval: patience.check }
  const server = createServer(timeouts, (request, response) => {
    if (hasBody(request) && !isUpload(request)) endLate(request, patience.body)
    void listener(request, response)
  })
  server.setTimeout(patience.silence)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: address, ipv6Only: true }, resolve)
  })
  return server
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || !['0', undefined].includes(headers['content-length'])
}

function isUpload({ method, url = '' }: IncomingMessage): boolean {
  return method === 'PUT' && /^\/collections\/[^/]+\/content\?/.test(url)
}

function endLate(request: IncomingMessage, patience: number): void {
  const timer = setTimeout(() => void (request.complete || request.destroy()), patience)
  request.once('close', () => clearTimeout(timer))
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
