// Asks one server for one page, over and over: each connection sends its next request when the answer has come.
import { connect, type Socket } from 'node:net'
import { answerParent } from './child.ts'

export interface LoadQuestion {
  readonly port: number
  /** Default `/`. */
  readonly path?: string | undefined
  /** Sent one after the other, over all connections. */
  readonly cookies: readonly string[]
  readonly requests: number
  readonly connections: number
  /** Bytes of one whole answer; undefined where answers differ in length, and their own headers tell. */
  readonly answerBytes: number | undefined
}

export interface LoadAnswer {
  readonly seconds: number
}

const patience = 60_000
/** Goes on where the last question stopped, so that every cookie has its turn. */
let next = 0

answerParent(async (question) => {
  // Sent by http-path.ts.
  const { connections, ...load } = question as LoadQuestion
  const requests = load.cookies.map((cookie) => requestText(load, cookie))
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(load.port)))
  let left = load.requests
  const take = (): Buffer | undefined => (left-- > 0 ? requests[next++ % requests.length] : undefined)
  const start = performance.now()
  await Promise.all(sockets.map((socket) => drive(socket, take, load.answerBytes)))
  const seconds = (performance.now() - start) / 1000
  for (const socket of sockets) socket.destroy()
  return { seconds } satisfies LoadAnswer
})

function requestText({ port, path = '/' }: Pick<LoadQuestion, 'port' | 'path'>, cookie: string): Buffer {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: localhost:${port}`,
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'Accept-Language: en-GB,en;q=0.7',
    'Accept-Encoding: gzip, deflate, br',
    'Sec-Fetch-Dest: document',
    'Sec-Fetch-Mode: navigate',
    'Sec-Fetch-Site: same-origin',
    `Cookie: ${cookie}`,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Settles when there is nothing left to ask. */
function drive(socket: Socket, take: () => Buffer | undefined, answerBytes: number | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = 0
    let wanted = 0
    const fail = (reason: string): void => reject(new Error(reason))
    const ask = (): void => {
      const request = take()
      if (request === undefined) resolve()
      else socket.write(request)
    }
    socket.setTimeout(patience, () => fail('The server did not answer in time.'))
    socket.on('error', reject)
    socket.on('close', () => fail('The server closed a connection.'))
    socket.on('data', (chunk: Buffer) => {
      if (received === 0 && chunk.toString('latin1', 9, 12) !== '200')
        fail(`An answer begins ${chunk.toString('latin1', 0, 40)}.`)
      if (received === 0) wanted = answerBytes ?? lengthOf(chunk)
      received += chunk.length
      if (received > wanted) fail(`An answer has ${received} bytes, not ${wanted}.`)
      if (received !== wanted) return
      received = 0
      ask()
    })
    ask()
  })
}

/** Of the whole answer; its headers are short enough to come at once. */
function lengthOf(chunk: Buffer): number {
  const text = chunk.toString('latin1')
  const end = text.indexOf('\r\n\r\n') + 4
  return end + Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1])
}
