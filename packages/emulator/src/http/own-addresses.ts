import { networkInterfaces } from 'node:os'

const wildcards = new Set(['0.0.0.0', '::'])

/** The addresses, as they stand in `Host`, that a server reaches by listening there. No page can make a name of its own be one. */
export function ownAddresses(hosts: readonly string[]): readonly string[] {
  const listening = hosts.flatMap((host) => (wildcards.has(host) ? everyAddress() : [host]))
  return listening.map((address) => (address.includes(':') ? `[${address}]` : address))
}

/** An address by which browsers on this machine reach what listens everywhere. */
export const reachable = (host: string): string => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host)

const everyAddress = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((found) => (found ?? []).map(({ address }) => address))
