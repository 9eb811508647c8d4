import { createEmulator, type Emulator, type EmulatorOptions } from './emulator.ts'
import { startControl, type Control } from './control.ts'
import { fileServers } from './https-data/file-servers.ts'
import type { PortRange } from './https-data/port-range.ts'
import { closeServer, listenAll, originOf } from './http/listen.ts'
import { ownAddresses } from './http/own-addresses.ts'
import type { EmulatorInfo } from './info.ts'
import { makeSampleData } from './sample-data/start.ts'
import { silentLog } from './log.ts'

/** How an emulator is started: as it is made, and where it listens. */
export interface StartOptions extends Omit<EmulatorOptions, 'dataPorts'> {
  /** Default 8889; 0 takes any free port. */
  readonly port?: number | undefined
  /** Addresses to listen on; the first must be there, others may be missing. Default `['127.0.0.1', '::1']`. */
  readonly hosts?: readonly string[] | undefined
  /** Whether the control API is opened, on a port of its own. Default false; refused with an address that others can reach. */
  readonly control?: boolean | undefined
  /** Whether the demo world's files and past tasks are made, in a thread, after it listens. Default false. */
  readonly sampleData?: boolean | undefined
  /**
   * The ports at which collections serve their files, one each. Default 8900 to 8999, or any free ones with `port: 0`; none are opened with
   * `dataOriginTemplate`.
   */
  readonly dataPorts?: PortRange | undefined
  /**
   * Whether collections and managers of endpoints are served by https, with certificates of an authority that is made at the first start.
   * `info().env` names it to clients. Default false.
   */
  readonly tls?: boolean | undefined
}

/** An emulator that listens. */
export interface RunningEmulator extends Omit<Emulator, 'close'>, AsyncDisposable {
  /** The addresses it listens on. */
  readonly hosts: readonly string[]
  close(): Promise<void>
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost'])

/**
 * Starts an emulator that listens.
 *
 * @throws Error with code `EADDRINUSE` when the port is taken, and what to do
 * @throws TypeError for a wrong option
 */
export async function startEmulator(options: StartOptions = {}): Promise<RunningEmulator> {
  const hosts = options.hosts ?? ['127.0.0.1', '::1']
  refuseOpenControl(options, hosts)
  const log = options.log ?? silentLog
  let emulator: Emulator | undefined
  const handle = async (request: Request): Promise<Response> =>
    emulator === undefined ? new Response('The emulator is starting', { status: 503 }) : emulator.fetch(request)
  const files = fileServers(options, { hosts, handle, log })
  const servers = await listenAll(hosts, { port: options.port ?? 8889, handle, log })
  const [first] = servers
  const stop = async (): Promise<void> => {
    await Promise.all([files.close(), ...servers.map(({ server }) => closeServer(server))])
    emulator?.close()
  }
  try {
    const allowHosts = [...(options.allowHosts ?? []), ...ownAddresses(hosts)]
    emulator = createEmulator({
      ...options,
      allowHosts,
      origin: options.origin ?? originOf(first),
      dataPorts: files.ports,
    })
    await emulator.openOrigins()
    const control = options.control === true ? await startControl(emulator, log) : undefined
    if (options.sampleData === true) void makeSampleData(emulator, log)
    return running(emulator, { hosts: servers.map(({ host }) => host), control, stop, certificates: files.env })
  } catch (error) {
    await stop()
    throw error
  }
}

interface Running {
  readonly hosts: readonly string[]
  readonly control: Control | undefined
  readonly stop: () => Promise<void>
  /** Variables that make clients trust the servers of files. */
  readonly certificates: Readonly<Record<string, string>>
}

function running(emulator: Emulator, { hosts, control, stop, certificates }: Running): RunningEmulator {
  const close = async (): Promise<void> => {
    await control?.close()
    await stop()
  }
  const info = (): EmulatorInfo => {
    const { env, ...rest } = emulator.info()
    return {
      ...rest,
      env: { ...env, ...certificates },
      ...(control === undefined ? {} : { control: { url: control.url, token: control.token } }),
    }
  }
  return { ...emulator, hosts, info, close, [Symbol.asyncDispose]: close }
}

function refuseOpenControl(options: StartOptions, hosts: readonly string[]): void {
  const open = hosts.find((host) => !LOOPBACK.has(host))
  if (options.control === true && open !== undefined) {
    throw new TypeError(
      `The control API is refused while listening on ${open}: whoever reaches it can be anybody. Listen on 127.0.0.1 only`,
    )
  }
}
