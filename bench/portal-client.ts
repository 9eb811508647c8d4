// Reads and writes files through a server, and keeps nothing of them.
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { answerParent } from './child.ts'

export interface ClientQuestion {
  readonly way: 'download' | 'upload'
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: number
}

const block = Buffer.alloc(64 * 1024, 'tide')

answerParent(async (question) => {
  // Sent by portal-pipe.ts.
  const order = question as ClientQuestion
  const { way, bytes } = order
  const incoming = await (way === 'download' ? send(order) : sendBody(order))
  let received = 0
  // Without an encoding a socket gives nothing else.
  for await (const chunk of incoming as AsyncIterable<Buffer>) received += chunk.length
  const { statusCode = 0 } = incoming
  if (statusCode < 200 || statusCode > 299) throw new Error(`A file was answered ${statusCode}.`)
  if (way === 'download' && received !== bytes) throw new Error(`${received} bytes came in place of ${bytes}.`)
  return {}
})

function send({ port, path, headers, way, bytes }: ClientQuestion, body?: Readable): Promise<IncomingMessage> {
  const method = way === 'download' ? 'GET' : 'PUT'
  const length = way === 'download' ? {} : { 'content-length': String(bytes) }
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method, headers: { ...headers, ...length } }
    const outgoing = httpRequest(options, resolve).on('error', reject)
    if (body === undefined) outgoing.end()
    else pipeline(body, outgoing).catch(reject)
  })
}

function sendBody(order: ClientQuestion): Promise<IncomingMessage> {
  return send(order, Readable.from(blocks(order.bytes)))
}

function* blocks(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= block.length) yield left < block.length ? block.subarray(0, left) : block
}
