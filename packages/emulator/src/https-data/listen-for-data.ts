import { closeServer, listenAll, type ListenOptions } from '../http/listen.ts'
import type { DataPorts } from './port-origins.ts'
import type { PortRange } from './port-range.ts'

interface DataListening extends Pick<ListenOptions, 'handle' | 'log' | 'tls'> {
  /** Addresses to listen on; the first must be there. */
  readonly hosts: readonly string[]
  /** Null takes any free ports. */
  readonly range: PortRange | null
  readonly hostNames: readonly string[]
}

/** Opens the ports of collections as servers that hand every request to the emulator. */
export function listenForData({
  hosts,
  range,
  hostNames,
  handle,
  log,
  tls,
}: DataListening): DataPorts & { close(): Promise<void> } {
  const open = new Set<() => Promise<void>>()
  return {
    range,
    scheme: tls === undefined ? 'http' : 'https',
    hostNames,
    listen: async (port) => {
      const servers = await listenAll(hosts, { port, handle, log, tls })
      const close = async (): Promise<void> => {
        open.delete(close)
        await Promise.all(servers.map(({ server }) => closeServer(server)))
      }
      open.add(close)
      return { port: servers[0].port, close }
    },
    close: async () => {
      await Promise.all(Array.from(open, (close) => close()))
    },
  }
}
