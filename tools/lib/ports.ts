import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Both loopback addresses: a browser that resolves `localhost` may try either first. */
export const loopback = ['127.0.0.1', '::1'] as const

/** True when nothing listens on the port at either loopback address. */
export async function isFree(port: number): Promise<boolean> {
  const answers = await Promise.all(loopback.map((host) => canListen(port, host)))
  return answers.every(Boolean)
}

/**
 * The wanted port, or the next free one above it.
 * @throws Error when the hundred ports above are taken too
 */
export async function nextFreePort(wanted: number, taken: readonly number[] = []): Promise<number> {
  for (let port = wanted; port < Math.min(wanted + 100, 65_536); port += 1)
    if (!taken.includes(port) && (await isFree(port))) return port
  throw new Error(`Port ${wanted} is busy, and so are those above it.`)
}

/** Below the ports that the system gives to connections and to whoever asks for any: nobody gets them by chance. */
const lowest = 10_000
const highest = 19_999
const given = new Set<number>()

/** A port that nobody listens on, nor is given to anybody else of this process, or by the system. */
export async function freePort(): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    const port = randomInt(lowest, highest)
    if (!given.has(port) && (await isFree(port))) {
      given.add(port)
      return port
    }
    if (tries === 100) throw new Error(`A hundred ports between ${lowest} and ${highest} are busy.`)
  }
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    // A machine without IPv6 has no ::1 to be busy; the others fail for reasons that a server would meet as well.
    server.once('error', (error) =>
      resolve('code' in error && (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT')),
    )
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
