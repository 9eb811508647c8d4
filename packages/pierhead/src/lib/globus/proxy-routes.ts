import { ENVIRONMENTS, SERVICE_HOSTS } from '@globus/sdk/core/global'
import { fileUrl, isLocalGlobus, type Collection } from './collection-address.ts'
import { requireUuid } from './identifiers.ts'
import { decodeSegments, joinPath } from './proxy-path.ts'
import { baseUrlOf, serviceOf, type ServiceId } from './services.ts'

/** Services of Globus that may be reached. */
export type ProxiedService = 'auth' | 'transfer' | 'groups' | 'search' | 'flows' | 'timers'

/** Methods that may be passed on. */
export type ProxiedMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What browsers may do at one destination. */
export interface ProxyRule {
  /** Default: GET, HEAD, POST, PUT, PATCH and DELETE for a service, GET and HEAD for a collection. */
  readonly methods?: readonly ProxiedMethod[]
  /** Paths, each with everything below it, such as `/v0.10/task`. Default: all; of Auth `/v2/api` and `/v2/oauth2/userinfo`. */
  readonly paths?: readonly string[]
}

/** Files of one collection. */
export interface ProxiedCollection extends ProxyRule {
  /** As Transfer has it; the login must ask for the collection's scope `https`. */
  readonly collection: Collection
}

/** Where requests under one name go, and whose token goes with them. */
export interface ProxyRoute {
  /** For errors. */
  readonly service: string
  readonly resourceServer: string
  readonly methods: ReadonlySet<string>
  readonly paths: readonly string[]
  /** The server is a stranger's choice: its name must not lead to a private address. */
  readonly isForeign: boolean
  /** The address for a checked path. Throws `GlobusServiceError` for a collection that gets no token. */
  urlOf(path: string): URL
}

export interface ProxyRouteOptions {
  readonly services?: { readonly [name in ProxiedService]?: ProxyRule }
  readonly collections?: Readonly<Record<string, ProxiedCollection>>
}

const proxied = [
  { name: 'auth', id: 'AUTH' },
  { name: 'transfer', id: 'TRANSFER' },
  { name: 'groups', id: 'GROUPS' },
  { name: 'search', id: 'SEARCH' },
  { name: 'flows', id: 'FLOWS' },
  { name: 'timers', id: 'TIMERS' },
] as const satisfies readonly { readonly name: ProxiedService; readonly id: ServiceId }[]
const everyMethod: readonly ProxiedMethod[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
const readOnly: readonly ProxiedMethod[] = ['GET', 'HEAD']
/** The rest of Auth is for clients and for people's browsers, not for a page with a token. */
const pathsOfAuth = ['/v2/api', '/v2/oauth2/userinfo']

/** The closed map: a destination is found by its name, or by the host that the SDK believes it to have. */
export function proxyRoutes({ services = {}, collections = {} }: ProxyRouteOptions): ReadonlyMap<string, ProxyRoute> {
  const routes = new Map<string, ProxyRoute>()
  for (const { name, id } of proxied) {
    const rule = services[name]
    if (rule === undefined) continue
    const route = serviceRoute(name, id, rule)
    routes.set(name, route)
    for (const host of hostsOf(id)) routes.set(host, route)
  }
  for (const [name, rule] of Object.entries(collections)) {
    if (!/^[a-z\d][\w-]{0,63}$/i.test(name) || proxied.some((service) => service.name === name))
      throw new TypeError(`A collection needs a short plain name of its own, and ${JSON.stringify(name)} is none.`)
    const route = collectionRoute(rule)
    routes.set(name, route)
    const host = URL.parse(rule.collection.https_server ?? '')?.host
    if (host !== undefined && !routes.has(host)) routes.set(host, route)
  }
  return routes
}

/** In every environment of Globus: the browser's SDK need not be told which one the server uses. */
function hostsOf(id: ServiceId): string[] {
  return Object.values(ENVIRONMENTS).flatMap((environment) => SERVICE_HOSTS[id][environment] ?? [])
}

function serviceRoute(name: ProxiedService, id: ServiceId, rule: ProxyRule): ProxyRoute {
  return {
    service: name,
    resourceServer: serviceOf(id).resourceServer,
    methods: new Set(rule.methods ?? everyMethod),
    paths: checkPaths(rule.paths ?? (name === 'auth' ? pathsOfAuth : ['/'])),
    isForeign: false,
    urlOf: (path) => joinPath(baseUrlOf(id), path),
  }
}

function collectionRoute({ collection, ...rule }: ProxiedCollection): ProxyRoute {
  return {
    service: 'collection',
    resourceServer: requireUuid(collection.id, 'The id of a collection'),
    methods: new Set(rule.methods ?? readOnly),
    paths: checkPaths(rule.paths ?? ['/']),
    isForeign: true,
    urlOf: (path) => fileUrl(collection, decodeSegments(path), isLocalGlobus()),
  }
}

function checkPaths(paths: readonly string[]): readonly string[] {
  for (const path of paths)
    if (!path.startsWith('/'))
      throw new TypeError(`A path must begin with a slash, and ${JSON.stringify(path)} does not.`)
  return paths
}
