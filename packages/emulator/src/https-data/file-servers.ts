import { systemClock, type Clock } from '../clock.ts'
import type { ListenOptions } from '../http/listen.ts'
import { openAuthority, type Authority } from '../tls/authority.ts'
import { listenForData } from './listen-for-data.ts'
import type { DataPorts } from './port-origins.ts'
import type { PortRange } from './port-range.ts'

/** What decides where files are served. */
export interface FileServerOptions {
  readonly port?: number | undefined
  readonly origin?: string | undefined
  readonly dataDir?: string | undefined
  readonly dataPorts?: PortRange | undefined
  readonly dataOriginTemplate?: string | undefined
  readonly tls?: boolean | undefined
  readonly allowHosts?: readonly string[] | undefined
  readonly clock?: Clock | undefined
}

/** The servers of collections and of managers of endpoints. */
export interface FileServers {
  /** Undefined where they share the port of the emulator. */
  readonly ports: DataPorts | undefined
  /** What makes clients trust their certificates. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** @throws TypeError for https at names of the one port, which the proxy before it has to do */
export function fileServers(
  options: FileServerOptions,
  { hosts, handle, log }: Pick<ListenOptions, 'handle' | 'log'> & { readonly hosts: readonly string[] },
): FileServers {
  const { dataOriginTemplate, tls = false, dataDir, clock = systemClock, allowHosts: hostNames = [] } = options
  if (dataOriginTemplate !== undefined) {
    if (tls) throw new TypeError('Give either --tls or --data-origin-template: a proxy serves those names by https')
    return { ports: undefined, env: {}, close: () => Promise.resolve() }
  }
  const authority = tls ? openAuthority(dataDir, clock) : undefined
  const ports = listenForData({
    hosts,
    range: rangeOf(options),
    hostNames,
    handle,
    log,
    tls: authority?.issue(names(options)),
  })
  return { ports, env: authority?.env ?? {}, close: () => closeBoth(ports, authority) }
}

async function closeBoth(ports: { close(): Promise<void> }, authority: Authority | undefined): Promise<void> {
  await ports.close()
  authority?.close()
}

function names({ origin, allowHosts = [] }: FileServerOptions): readonly string[] {
  const own = origin === undefined ? [] : [new URL(origin).hostname.replace(/^\[|\]$/g, '')]
  return Array.from(
    new Set(['localhost', '127.0.0.1', '::1', ...own, ...allowHosts.map((host) => host.replace(/:\d+$/, ''))]),
  )
}

/** Tests that take any port must not meet on others. */
const rangeOf = ({ dataPorts, port }: FileServerOptions): PortRange | null =>
  dataPorts ?? (port === 0 ? null : { first: 8900, last: 8999 })
