import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RunningEmulator } from '@pierhead/emulator'
import { createLogin } from 'pierhead'
import { scopes } from 'pierhead/globus'
import { loginMiddleware, requireSession } from 'pierhead/node'
import { registerApp } from '../support/emulator.ts'
import { close, listen, portOf } from '../support/servers.ts'

/** Bytes of an upload that have arrived so far. */
export interface Upload {
  bytes: number
}

export interface InnerApp {
  readonly port: number
  readonly upload: Upload
  /** Sends an event into every open stream of that page, `events` or `silence`. */
  send(page: string, text: string): void
  close(): Promise<void>
}

export interface InnerAppOptions {
  /** Public origin and base path. */
  readonly address: string
  readonly stripPrefix: boolean
  /** Characters of `data` that sealed sessions carry. */
  readonly filler: number
}

/** An app with a login in sealed cookies, on plain http, that knows of the proxy only what its options say. */
export async function startInnerApp(globus: RunningEmulator, options: InnerAppOptions): Promise<InnerApp> {
  const { address, stripPrefix } = options
  const redirectUri = `${address}/login`
  const login = createLogin<{ filler: string }>({
    ...registerApp(globus, 'Behind a Proxy', redirectUri),
    issuer: globus.origin,
    redirectUri,
    basePath: new URL(redirectUri).pathname.slice(0, -'/login'.length),
    stripPrefix,
    scopes: [scopes.openid, scopes.profile, scopes.email],
    session: { secrets: [randomBytes(48).toString('base64')] },
    onLogin: () => ({ data: { filler: randomBytes(options.filler).toString('base64url').slice(0, options.filler) } }),
    logger: () => undefined,
  })
  const streams = new Map<ServerResponse, string>()
  const upload: Upload = { bytes: 0 }
  const server = await listen('127.0.0.1')
  const middleware = loginMiddleware(login)
  server.on('request', (req, res) => {
    const route = (): unknown => answer(req, res, { streams, upload, inner: `http://127.0.0.1:${portOf(server)}` })
    middleware(req, res, route).catch((error: unknown) => res.destroy(error instanceof Error ? error : undefined))
  })
  return {
    port: portOf(server),
    upload,
    send: (page, text) => {
      for (const [stream, of] of streams) if (of === page) stream.write(`data: ${text}\n\n`)
    },
    async close() {
      await close(server)
      await login.close()
    },
  }
}

interface Desk {
  readonly streams: Map<ServerResponse, string>
  readonly upload: Upload
  readonly inner: string
}

async function answer(req: IncomingMessage, res: ServerResponse, desk: Desk): Promise<void> {
  const path = (req.url ?? '').split('?', 1).join('')
  const page = path.split('/').at(-1)
  if (page === 'events' || page === 'silence') {
    res.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n')
    desk.streams.set(res, page)
    res.once('close', () => desk.streams.delete(res))
  } else if (page === 'private') {
    const { claims, csrfToken, data } = requireSession<{ filler: string }>(req)
    sendJson(res, { name: claims.name, csrfToken, filler: data.filler.length })
  } else if (page === 'upload') {
    requireSession(req)
    await receive(req, desk.upload)
    sendJson(res, desk.upload)
  } else if (page === 'elsewhere') {
    // As an app does that takes the inner request for the public one.
    const home = path.slice(0, -'elsewhere'.length)
    res.writeHead(302, { location: `${desk.inner}${home}there` }).end()
  } else {
    sendJson(res, { url: req.url, headers: req.headers })
  }
}

async function receive(req: IncomingMessage, upload: Upload): Promise<void> {
  upload.bytes = 0
  req.on('data', (part: Buffer) => (upload.bytes += part.length))
  await once(req, 'end')
}

function sendJson(res: ServerResponse, body: unknown): void {
  res.setHeader('content-type', 'application/json').end(JSON.stringify(body))
}
