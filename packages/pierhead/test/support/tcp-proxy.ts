import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A stretch of network between a client and a server, that fails as networks do. */
export interface TcpProxy {
  readonly port: number
  /** `flow`: all is well. `hang`: nothing gets through, and nobody is told. `refuse`: connections end at once. */
  mode: 'flow' | 'hang' | 'refuse'
  /** Milliseconds by which each answer comes later. */
  delay: number
  /** Where new connections lead. */
  target: number
  /** Ends every connection there is, as a server does that goes down. */
  cut(): void
  /** Forgets every connection there is without a word, as a firewall does: both ends wait for ever. */
  forget(): void
  close(): Promise<void>
}

interface Pair {
  readonly ends: readonly [inner: Socket, outer: Socket]
  isForgotten: boolean
}

export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  /** What is held back while nothing gets through; it goes on in its order. */
  const held: (() => void)[] = []
  let mode: TcpProxy['mode'] = 'flow'
  const server = createServer((inner) => {
    if (mode === 'refuse') inner.destroy()
    else join(inner)
  })

  const join = (inner: Socket): void => {
    const outer = connect(proxy.target, '127.0.0.1')
    const pair: Pair = { ends: [inner, outer], isForgotten: false }
    pairs.add(pair)
    for (const from of pair.ends) {
      const to = from === inner ? outer : inner
      from.on('data', (chunk) => {
        const send = (): void => void (to.writable && to.write(chunk))
        if (pair.isForgotten) return
        if (mode === 'hang') held.push(send)
        else if (from === outer && proxy.delay > 0) setTimeout(send, proxy.delay)
        else send()
      })
      from.on('error', () => undefined)
      from.on('close', () => {
        pairs.delete(pair)
        to.destroy()
      })
    }
  }

  const proxy: TcpProxy = {
    port: await listen(server),
    get mode() {
      return mode
    },
    set mode(next) {
      mode = next
      if (next === 'flow') for (const send of held.splice(0)) send()
    },
    delay: 0,
    target,
    cut() {
      held.length = 0
      for (const { ends } of pairs) for (const end of ends) end.destroy()
    },
    forget() {
      held.length = 0
      for (const pair of pairs) pair.isForgotten = true
    },
    async close() {
      proxy.cut()
      server.close()
      await once(server, 'close')
    },
  }
  return proxy
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}
