import { requestHost } from '../http/guard.ts'
import type { DataPlaces } from '../world/data-places.ts'
import type { DataOrigins } from './origins.ts'
import type { PortRange } from './port-range.ts'

/** Listens for collections. */
export interface DataPorts {
  /** Null takes any free port each time. */
  readonly range: PortRange | null
  readonly scheme: 'http' | 'https'
  /** Host names by which they may be called, beside the loopback names. */
  readonly hostNames: readonly string[]
  /** Opens a port; 0 takes any free one. @throws with code `EADDRINUSE` */
  listen(port: number): Promise<OpenPort>
}

export interface OpenPort {
  readonly port: number
  close(): Promise<void>
}

interface Surroundings {
  /** The host name in the origins. */
  readonly hostName: string
  readonly places: DataPlaces
  /** Whether a collection still exists: the places of others may be given away. */
  readonly exists: (id: string) => boolean
  readonly warn: (message: string) => void
}

/** Origins with a port each. A collection keeps its port over restarts, so that links to its files stay true. */
export function portOrigins(ports: DataPorts, { hostName, places, exists, warn }: Surroundings): DataOrigins {
  const opened = new Map<string, OpenPort>()
  const origin = ({ port }: OpenPort): string => new URL(`${ports.scheme}://${hostName}:${port}`).origin
  const of = (id: string): string | null => {
    const known = opened.get(id)
    return known === undefined ? null : origin(known)
  }
  const openOne = async (id: string): Promise<string | null> => {
    const known = of(id)
    if (known !== null) return known
    for (const port of candidates(id, { range: ports.range, places, exists })) {
      try {
        const open = await ports.listen(port)
        opened.set(id, open)
        if (ports.range !== null) places.put(id, port)
        return origin(open)
      } catch (error) {
        if (!isTaken(error)) throw error
        warn(`port ${port} is taken; the collection ${id} gets another one`)
      }
    }
    warn(`no port is left for the collection ${id}; give more with --data-ports`)
    return null
  }
  const isOwnName = (name: string): boolean => LOOPBACK.has(name) || ports.hostNames.includes(name) || name === hostName
  // One after the other, so that two collections never try for one port.
  let queue: Promise<unknown> = Promise.resolve()
  return {
    of,
    idFor: (request) => {
      const [, name = '', port] = /^(.*):(\d{1,5})$/.exec(requestHost(request)) ?? []
      if (port === undefined || !isOwnName(name)) return undefined
      return Array.from(opened).find(([, open]) => open.port === Number(port))?.[0]
    },
    open: (id) => {
      const next = queue.then(() => openOne(id))
      queue = next.catch(() => undefined)
      return next
    },
    close: async (id) => {
      const open = opened.get(id)
      opened.delete(id)
      await open?.close()
    },
  }
}

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

interface Choice extends Pick<Surroundings, 'places' | 'exists'> {
  readonly range: PortRange | null
}

/** The ports to try: the one it had before, then those that nobody has. */
function* candidates(id: string, { range, places, exists }: Choice): Generator<number> {
  if (range === null) {
    yield 0
    return
  }
  const taken = new Map(places.all())
  const own = taken.get(id)
  const isInRange = (port: number): boolean => port >= range.first && port <= range.last
  if (own !== undefined && isInRange(own)) yield own
  const others = new Set(Array.from(taken).flatMap(([other, port]) => (exists(other) ? [port] : [])))
  for (let port = range.first; port <= range.last; port += 1) if (!others.has(port)) yield port
}

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
