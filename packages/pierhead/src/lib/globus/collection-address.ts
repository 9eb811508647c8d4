import { lookup as systemLookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { GlobusServiceError } from '../../errors.ts'
import { baseUrlOf, isLoopback } from './services.ts'

/** What is needed of an endpoint document of Transfer. */
export interface Collection {
  readonly id: string
  /** Null: the collection has no HTTPS access. */
  readonly https_server: string | null
}

const privateAddresses = new BlockList()
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  privateAddresses.addSubnet(address, bits, 'ipv4')
for (const [address, bits] of [
  ['::', 96],
  ['64:ff9b::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const)
  privateAddresses.addSubnet(address, bits, 'ipv6')

/**
 * The address of a file: the collection's server, and the path below it, encoded. The server is a stranger's choice, and
 * a person's token goes there: https only, no private address, nothing but a host. A local Globus may be on loopback.
 *
 * @throws GlobusServiceError `collection_refused`; TypeError when the path is not one
 */
export function fileUrl(collection: Collection, path: string, isLocalGlobus: boolean): URL {
  const url = serverOf(collection.https_server, { what: 'HTTPS server', service: 'collection', isLocalGlobus })
  url.pathname = encodePath(path)
  return url
}

/** Tokens of a Globus on this machine may go to collections on this machine. */
export function isLocalGlobus(): boolean {
  return isLoopback(baseUrlOf('AUTH').hostname)
}

/** What a server is for, in errors. */
interface ServerUse {
  readonly what: 'HTTPS server' | 'manager'
  readonly service: 'collection' | 'gcs'
  readonly isLocalGlobus: boolean
}

/** The address of a server that a document names: https, not private, nothing but a host. @throws as {@link fileUrl} */
export function serverOf(server: string | null | undefined, { what, service, isLocalGlobus }: ServerUse): URL {
  if (server === null || server === undefined || server === '')
    throw refused(what === 'manager' ? 'it has no manager' : 'it has no HTTPS access', service)
  const url = URL.canParse(server) ? new URL(server) : undefined
  if (!url || url.username || url.password || url.search || url.hash || url.pathname !== '/')
    throw refused(`its ${what} is no plain address`, service)
  if (isLocalGlobus && isLoopback(url.hostname) && /^https?:$/.test(url.protocol)) return url
  if (url.protocol !== 'https:') throw refused(`its ${what} is not https`, service)
  if (isLoopback(url.hostname) || isPrivate(url.hostname.replace(/^\[|\]$/g, '')))
    throw refused(`its ${what} is private`, service)
  return url
}

/** One slash in front, each segment encoded: `?`, `#` and `%` in names are characters of the name. */
function encodePath(path: string): string {
  const segments = path.replace(/^\/+/, '').split('/')
  const broken = segments.some((segment) => segment === '.' || segment === '..' || !segment.isWellFormed())
  // oxlint-disable-next-line no-control-regex
  if (broken || path === '' || /[\u0000-\u001f\u007f]/.test(path))
    throw new TypeError('A path must have no segment . or .., no control character, and not be empty.')
  return `/${segments.map(encodeURIComponent).join('/')}`
}

/**
 * Looks names up for one connection, and refuses private addresses there and then: a name that is checked before could
 * have another address when it is used.
 */
export function guardedLookup(hostname: string, lookup: LookupFunction = systemLookup): LookupFunction {
  return (name, options, callback) => {
    // A proxy that Node was told to use; it looks up the target by itself.
    if (name !== hostname) {
      lookup(name, options, callback)
      return
    }
    lookup(name, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : []
      const [first] = addresses
      if (error) callback(error, [])
      else if (!first || addresses.some(({ address }) => isPrivate(address))) callback(privateAddress(), [])
      else if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}

function privateAddress(): NodeJS.ErrnoException {
  return Object.assign(new Error('The address is private.'), { code: 'PIERHEAD_PRIVATE' })
}

function isPrivate(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && privateAddresses.check(address, family === 6 ? 'ipv6' : 'ipv4')
}

export function refused(reason: string, service = 'collection'): GlobusServiceError {
  return new GlobusServiceError('collection_refused', `The collection cannot be used: ${reason}.`, { service })
}
