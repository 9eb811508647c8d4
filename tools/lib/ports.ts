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
