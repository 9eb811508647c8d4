import { parseArgs } from 'node:util'

/** What a reverse proxy is configured for. */
export interface ProxyConfigOptions {
  readonly server: 'apache' | 'nginx'
  /** Public host name, lower case. */
  readonly host: string
  /** Public port. */
  readonly publicPort: number
  /** Public scheme, host, and the port unless it is 443. */
  readonly origin: string
  /** As the option of `createLogin`: empty, or such as `/portal`. */
  readonly basePath: string
  /** As the option of `createLogin`. */
  readonly stripPrefix: boolean
  /** Where the processes of the application listen, without a slash at the end. More than one: nginx spreads requests over them. */
  readonly targets: readonly [string, ...string[]]
  readonly layout: 'debian' | 'rhel'
  /** Address to listen on; undefined: all. */
  readonly listen: string | undefined
  readonly certificate: string
  readonly key: string
}

export const proxyConfigUsage = `pierhead proxy-config apache|nginx --public-url URL --port PORT

Prints the configuration of a reverse proxy that ends TLS in front of an application on this machine.

  --public-url URL     where people open the application, https, with the path of basePath if it has one
  --port PORT          port of the application on 127.0.0.1; with nginx once for each of its processes
  --strip-prefix       the proxy removes the path of the public URL (stripPrefix of createLogin); default: it is kept
  --layout NAME        debian (default) or rhel: where files lie and how the configuration is turned on
  --certificate FILE   certificate with its chain (default: the one that the system made for itself)
  --key FILE           its key
  --listen ADDRESS     listen on this address only (default: all)
  --help               print this
`

const ownCertificate = {
  debian: { certificate: '/etc/ssl/certs/ssl-cert-snakeoil.pem', key: '/etc/ssl/private/ssl-cert-snakeoil.key' },
  rhel: { certificate: '/etc/pki/tls/certs/localhost.crt', key: '/etc/pki/tls/private/localhost.key' },
} as const

/** Reads the arguments after `proxy-config`. Throws an Error that says which is wrong and what would be right. */
export function parseProxyConfig(args: readonly string[]): ProxyConfigOptions | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'public-url': { type: 'string' },
      port: { type: 'string', multiple: true },
      'strip-prefix': { type: 'boolean', default: false },
      layout: { type: 'string', default: 'debian' },
      certificate: { type: 'string' },
      key: { type: 'string' },
      listen: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  const layout = oneOf('--layout', values.layout, ['debian', 'rhel'])
  const place = readPublicUrl(values['public-url'])
  if (values['strip-prefix'] && place.basePath === '')
    throw new Error('--strip-prefix needs a path in --public-url, such as https://www.example.edu/portal.')
  if ((values.certificate === undefined) !== (values.key === undefined))
    throw new Error('--certificate and --key belong together.')
  const server = readServer(positionals)
  return {
    server,
    ...place,
    stripPrefix: values['strip-prefix'],
    targets: readTargets(server, values.port),
    layout,
    listen: readAddress(values.listen),
    certificate: readFile('--certificate', values.certificate ?? ownCertificate[layout].certificate),
    key: readFile('--key', values.key ?? ownCertificate[layout].key),
  }
}

function readServer(positionals: readonly string[]): 'apache' | 'nginx' {
  if (positionals.length > 1) throw new Error(`There is one argument too many: ${JSON.stringify(positionals[1])}.`)
  return oneOf('The server', positionals[0], ['apache', 'nginx'])
}

function readPublicUrl(
  text: string | undefined,
): Pick<ProxyConfigOptions, 'host' | 'publicPort' | 'origin' | 'basePath'> {
  const url = URL.parse(text ?? '')
  if (url === null || url.protocol !== 'https:' || !/^[a-z\d.-]+$/.test(url.hostname))
    throw new Error('--public-url must be an https address with a host name, such as https://portal.example.edu.')
  const basePath = url.pathname.replace(/\/$/, '')
  if (url.username !== '' || url.search !== '' || url.hash !== '' || !/^(?:\/[\w.~-]+)*$/.test(basePath))
    throw new Error('--public-url must have no user, query or fragment, and a plain path such as /portal or none.')
  return { host: url.hostname, publicPort: url.port === '' ? 443 : Number(url.port), origin: url.origin, basePath }
}

function readTargets(server: 'apache' | 'nginx', texts: readonly string[] = []): readonly [string, ...string[]] {
  const [first, ...others] = texts
  if (others.length > 0 && server === 'apache') throw new Error('--port may be repeated for nginx only.')
  const target = (text?: string): string => `http://127.0.0.1:${readPort(text)}`
  return [target(first), ...others.map(target)]
}

function readPort(text: string | undefined): number {
  const port = /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw new Error('--port must be the port of the application, 1 to 65535.')
}

function readAddress(text: string | undefined): string | undefined {
  if (text === undefined || /^(?:[\d.]+|\[[\da-f:]+\])$/i.test(text)) return text
  throw new Error('--listen must be an address such as 127.0.0.1 or [::1].')
}

/** Nothing that ends a line or a word of a configuration. */
function readFile(name: string, path: string): string {
  if (/^\/[\w./+@-]+$/.test(path)) return path
  throw new Error(`${name} must be an absolute path of letters, digits and . _ + @ -.`)
}

function oneOf<const Names extends readonly string[]>(
  what: string,
  text: string | undefined,
  names: Names,
): Names[number] {
  const found = names.find((name) => name === text)
  if (found !== undefined) return found
  throw new Error(`${what} must be ${names.join(' or ')}${text === undefined ? '' : `, not ${JSON.stringify(text)}`}.`)
}
