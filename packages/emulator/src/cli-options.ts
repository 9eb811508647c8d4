import { parseArgs } from 'node:util'
import { resolve } from 'node:path'
import type { ExtraRedirect } from './emulator.ts'
import { parsePortRange, type PortRange } from './https-data/port-range.ts'
import { paces, type TransferBehaviour } from './transfer/options.ts'
import type { OwnCollection } from './transfer/plant-transfer.ts'

export interface CliOptions {
  readonly help: boolean
  readonly port: number
  readonly hosts: readonly string[]
  readonly info: string | undefined
  readonly dataDir: string | undefined
  readonly seed: string | undefined
  readonly redirectUris: readonly ExtraRedirect[]
  readonly publicUrl: string | undefined
  readonly allowHosts: readonly string[]
  readonly openInspector: boolean
  readonly control: boolean
  readonly autoLogin: string | undefined
  readonly autoConsent: boolean
  readonly quiet: boolean
  readonly collections: readonly OwnCollection[]
  readonly pace: TransferBehaviour['pace']
  readonly sampleData: boolean
  readonly dataPorts: PortRange | undefined
  readonly dataOriginTemplate: string | undefined
  readonly tls: boolean
}

export const usage = `pierhead-emulator: a local Globus Auth to develop against

  --port N               port to listen on (default 8889; 0: any free one)
  --host ADDRESS         address to listen on, may be repeated (default 127.0.0.1 and ::1)
  --data DIR             keep people, clients, sessions, tokens and the key there (default .pierhead/emulator)
  --ephemeral            keep everything in memory and forget it at the end
  --info FILE            once ready, write addresses, people and clients there as JSON (secrets inside, mode 0600)
  --seed FILE            JSON to add to the demo world or to replace it: people, clients, groups, collections, search indexes …
  --redirect-uri ID=URI  one more redirect address for the client with that id, may be repeated
  --public-url URL       the origin that browsers and apps use, if it is not http://HOST:PORT
  --allow-host NAME      answer to this host name too, may be repeated
  --open-inspector       let the inspector answer to whoever reaches it, as in a container; else to this machine only
  --control              open the control API for tests on a port of its own; --info tells port and token
  --collection NAME=PATH[:ro|:rw]
                         a directory of yours as a collection of Maya's, read-only unless :rw is said; may be repeated
  --data-ports N-M       ports at which collections serve their files over HTTPS, one each (default 8900-8999)
  --data-origin-template URL
                         serve them at names of one port instead, such as http://{id}.data.example:8889, by wildcard DNS
  --tls                  serve them, and the managers of endpoints, by https with certificates of an own authority
  --pace NAME            how fast tasks run: real, demo (default) or instant
  --sample-data          make the demo world's files (default unless --ephemeral; --no-sample-data makes none)
  --auto-login PERSON    skip the login page: everybody is that person (id, username or name)
  --auto-consent         skip the consent page: everything is allowed
  --quiet                do not log requests
  --help                 print this

Commands: client add --name NAME … registers an app and prints its .env lines (client add --help).
world export prints the world as a seed file (world --help).
env prints the variables by which programs find it, exec -- COMMAND runs one with them (env --help, exec --help).
pierhead-emulator authorize URL --as PERSON logs in at a running one, for scripts; see authorize --help.

Not affiliated with Globus or the University of Chicago. What it does not imitate answers 501.
`

/** Reads the command line. @throws TypeError naming the option that is wrong */
export function parseCli(args: readonly string[]): CliOptions {
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    allowNegative: true,
    options: {
      help: { type: 'boolean', default: false },
      port: { type: 'string', default: '8889' },
      host: { type: 'string', multiple: true },
      data: { type: 'string' },
      ephemeral: { type: 'boolean', default: false },
      info: { type: 'string' },
      seed: { type: 'string' },
      'redirect-uri': { type: 'string', multiple: true },
      'public-url': { type: 'string' },
      'allow-host': { type: 'string', multiple: true },
      'open-inspector': { type: 'boolean', default: false },
      control: { type: 'boolean', default: false },
      'auto-login': { type: 'string' },
      'auto-consent': { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      collection: { type: 'string', multiple: true },
      pace: { type: 'string', default: 'demo' },
      'sample-data': { type: 'boolean' },
      'data-ports': { type: 'string' },
      'data-origin-template': { type: 'string' },
      tls: { type: 'boolean', default: false },
    },
  })
  if (values.ephemeral && values.data !== undefined) throw new TypeError('Give either --data or --ephemeral, not both')
  return {
    help: values.help,
    port: parsePort(values.port),
    hosts: values.host ?? ['127.0.0.1', '::1'],
    info: values.info,
    dataDir: values.ephemeral ? undefined : (values.data ?? '.pierhead/emulator'),
    seed: values.seed,
    redirectUris: (values['redirect-uri'] ?? []).map(parseRedirect),
    publicUrl: values['public-url']?.replace(/\/$/, ''),
    allowHosts: values['allow-host'] ?? [],
    openInspector: values['open-inspector'],
    control: values.control,
    autoLogin: values['auto-login'],
    autoConsent: values['auto-consent'],
    quiet: values.quiet,
    collections: (values.collection ?? []).map(parseCollection),
    pace: parsePace(values.pace),
    sampleData: values['sample-data'] ?? !values.ephemeral,
    dataPorts: parsePortRange(values['data-ports']),
    dataOriginTemplate: values['data-origin-template'],
    tls: values.tls,
  }
}

function parsePort(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new TypeError(`--port must be a number from 0 to 65535, not ${text}`)
}

function parseRedirect(text: string): ExtraRedirect {
  const equals = text.indexOf('=')
  if (equals < 1) throw new TypeError(`--redirect-uri must look like CLIENT_ID=URI, not ${text}`)
  return { clientId: text.slice(0, equals), redirectUri: text.slice(equals + 1) }
}

function parseCollection(text: string): OwnCollection {
  const [, name, path, mode] = /^([^=]+)=(.+?)(?::(ro|rw))?$/.exec(text) ?? []
  if (name !== undefined && path !== undefined) return { name, path: resolve(path), writable: mode === 'rw' }
  throw new TypeError(`--collection must look like NAME=PATH, NAME=PATH:ro or NAME=PATH:rw, not ${text}`)
}

function parsePace(text: string): TransferBehaviour['pace'] {
  if (text === 'real' || text === 'demo' || text === 'instant') return text
  throw new TypeError(`--pace must be one of ${Object.keys(paces).join(', ')}, not ${text}`)
}
