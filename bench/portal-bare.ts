// What the portal is measured against: `node:http` and nothing else. It shows one folder, and passes files on, for whoever asks.
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { answerParent } from './child.ts'
import type { PortalEmulator } from './portal-emulator.ts'
import type { PortalUsage } from './portal-usage.ts'

/** Where the same things are that the portal shows. Without it: what the server has used. */
export interface BareQuestion {
  readonly globus?: PortalEmulator
}

export interface BareAnswer {
  readonly port: number
}

answerParent(async (question) => {
  // Sent by portal-listing.ts and portal-pipe.ts.
  const { globus } = question as BareQuestion
  if (globus === undefined) return usage()
  const server = createServer((request, response) => {
    const work = request.url === '/' ? list(globus, response) : pass(globus, request, response)
    work.catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A TCP server's address is an object.
  return { port: (server.address() as AddressInfo).port } satisfies BareAnswer
})

/** What Transfer lists of a folder, as far as a row shows it. */
interface Entry {
  readonly name: string
  readonly size: number
  readonly last_modified: string
}

async function list({ origin, collection, tokens }: PortalEmulator, response: ServerResponse): Promise<void> {
  const query = 'path=/many/&limit=1000&offset=0&orderby=type%20ASC,name%20ASC&show_hidden=false'
  const answer = await fetch(`${origin}/v0.10/operation/endpoint/${collection}/ls?${query}`, {
    headers: { authorization: `Bearer ${tokens.transfer}` },
  })
  // The documented list.
  const { DATA } = JSON.parse(await answer.text()) as { readonly DATA: readonly Entry[] }
  const rows = DATA.map(
    ({ name, size, last_modified }) => `<tr><td>${escape(name)}</td><td>${size}</td><td>${last_modified}</td></tr>`,
  )
  const page = `<!doctype html><title>Files</title><table>${rows.join('')}</table>`
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-length': Buffer.byteLength(page) }
  response.writeHead(200, headers).end(page)
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (one) => entities[one] ?? '')
}

/** The path is that of the file. */
async function pass(
  { dataOrigin, tokens }: PortalEmulator,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/' } = request
  const length = request.headers['content-length']
  const outgoing = httpRequest(`${dataOrigin}${url}`, {
    method,
    headers: { authorization: `Bearer ${tokens.files}`, ...(length !== undefined && { 'content-length': length }) },
  })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject)
  })
  await pipeline(request, outgoing)
  const incoming = await answered
  const size = incoming.headers['content-length']
  response.writeHead(incoming.statusCode ?? 502, size === undefined ? {} : { 'content-length': size })
  await pipeline(incoming, response)
}

function usage(): PortalUsage {
  const { user, system } = process.cpuUsage()
  return { used: user + system, memory: process.memoryUsage.rss() }
}
