import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type DataFolder, openDataFolder, sessionSecret } from './data-folder.ts'
import type { EmulatorInfo } from './emulator-info.ts'
import { isFree, nextFreePort } from './ports.ts'
import { type Server, startEmulator, startPortal } from './servers.ts'
import type { Settings } from './settings.ts'

/** Where the two programs are, and what else a start may vary. */
export interface StackOptions {
  readonly root: string
  readonly settings: Settings
  /** Forget the data of earlier starts. */
  readonly fresh: boolean
  readonly env: NodeJS.ProcessEnv
  /** Files to run. Default: the emulator and the portal of this repository. */
  readonly entries?: { readonly emulator: string; readonly portal: string }
  /** Called when a server ends that nobody asked to. */
  readonly onCrash: (reason: string) => void
}

/** The id under which the emulator's demo world registers the portal: a constant there. */
const portalClientId = 'b1f2e3d4-7a65-4c3b-9d2e-1f0a9b8c3001'

const realIssuers = { production: 'https://auth.globus.org/', preview: 'https://auth.preview.globus.org/' } as const

/** Emulator and portal, started and stopped together. */
export class Stack {
  readonly port: number
  readonly emulatorPort: number
  readonly data: DataFolder
  /** What the emulator says about itself; undefined with the real Globus or before it is ready. */
  info: EmulatorInfo | undefined
  readonly #options: StackOptions
  #emulator: Server | undefined
  #portal: Server | undefined

  private constructor(options: StackOptions, ports: { port: number; emulatorPort: number }) {
    this.#options = options
    this.port = ports.port
    this.emulatorPort = ports.emulatorPort
    this.data = openDataFolder(options.settings.data, options.fresh)
  }

  /** Chooses the ports, opens the data folder and starts both servers. */
  static async start(options: StackOptions): Promise<Stack> {
    const stack = new Stack(options, await choosePorts(options.settings))
    try {
      await stack.restart('both')
      return stack
    } catch (error) {
      await stack.stop()
      throw error
    }
  }

  /** Where a browser finds the portal. */
  get portalUrl(): string {
    const { globus } = this.#options.settings
    return globus === undefined ? `http://localhost:${this.port}` : new URL(globus.redirectUri).origin
  }

  /** Starts what runs already anew, from its current source. */
  async restart(which: 'both' | 'portal'): Promise<void> {
    const { entries, root, settings } = this.#options
    await this.#end(which)
    if (settings.globus === undefined && (which === 'both' || this.#emulator === undefined)) {
      const entry = entries?.emulator ?? join(root, 'packages/emulator/src/cli.ts')
      const infoFile = join(this.data.path, 'emulator.json')
      const emulator = await startEmulator(this.#command([entry, ...this.#emulatorArguments(infoFile)]), infoFile)
      this.#emulator = this.#watch(emulator)
      this.info = emulator.info
    }
    const entry = entries?.portal ?? join(root, 'apps/portal/src/main.ts')
    this.#portal = this.#watch(await startPortal(this.#command([entry], this.#portalEnvironment())))
  }

  /** Ends both servers and lets go of the data folder. */
  async stop(): Promise<void> {
    await this.#end('both')
    this.data.release()
  }

  async #end(which: 'both' | 'portal'): Promise<void> {
    const ending = [this.#portal, which === 'both' ? this.#emulator : undefined]
    this.#portal = undefined
    if (which === 'both') this.#emulator = undefined
    await Promise.all(ending.map(async (server) => server?.stop()))
  }

  #watch(server: Server): Server {
    void server.ended.then((reason) => {
      if (this.#emulator !== server && this.#portal !== server) return
      if (this.#emulator === server) this.#emulator = undefined
      else this.#portal = undefined
      this.#options.onCrash(reason)
    })
    return server
  }

  #command(command: readonly string[], env: NodeJS.ProcessEnv = {}) {
    // Node keeps what it made of each source file for the next start.
    const cache = join(this.#options.root, 'node_modules/.cache/node')
    const all = { NODE_COMPILE_CACHE: cache, ...this.#options.env, ...env }
    return { command, cwd: this.#options.root, env: all }
  }

  #emulatorArguments(infoFile: string): string[] {
    const own = ['--port', String(this.emulatorPort), '--info', infoFile, '--data', join(this.data.path, 'emulator')]
    // The demo world registers the usual port only.
    const redirect = this.port === 8888 ? [] : ['--redirect-uri', `${portalClientId}=${this.portalUrl}/login`]
    return [...own, ...redirect, '--quiet']
  }

  #portalEnvironment(): NodeJS.ProcessEnv {
    const { env, settings } = this.#options
    const common = {
      PORT: String(this.port),
      PIERHEAD_DATA: this.data.path,
      SESSION_SECRET: env.SESSION_SECRET || this.#ownSecret(),
    }
    return { ...common, ...(settings.globus === undefined ? this.#emulatorClient() : realGlobus(settings.globus, env)) }
  }

  /** Portals that share their sessions share the secret too, so none is made up for them, nor for a portal in production. */
  #ownSecret(): string | undefined {
    const { env } = this.#options
    return env.SESSION_STORE_URL || env.NODE_ENV === 'production' ? undefined : sessionSecret(this.data.path)
  }

  /** Datasets of the demo world, unless the portal is given settings of its own. */
  #demoSettings(): NodeJS.ProcessEnv {
    const { env, root } = this.#options
    const file = join(root, 'apps/portal/demo/portal.yaml')
    const isOwn = env.PIERHEAD_CONFIG !== undefined || existsSync(join(root, 'portal.yaml'))
    return isOwn || !existsSync(file) ? {} : { PIERHEAD_CONFIG: file }
  }

  #emulatorClient(): NodeJS.ProcessEnv {
    const redirectUri = `${this.portalUrl}/login`
    const client = this.info?.clients.find((one) => one.clientSecret && one.redirectUris.includes(redirectUri))
    if (client === undefined) throw new Error(`The emulator knows no client with the redirect ${redirectUri}.`)
    return {
      GLOBUS_CLIENT_ID: client.clientId,
      GLOBUS_CLIENT_SECRET: client.clientSecret,
      GLOBUS_REDIRECT_URI: redirectUri,
      ...this.#demoSettings(),
      ...this.info?.env,
    }
  }
}

async function choosePorts(settings: Settings): Promise<{ port: number; emulatorPort: number }> {
  if (settings.globus === undefined) {
    const port = await nextFreePort(settings.port, [settings.emulatorPort])
    return { port, emulatorPort: await nextFreePort(settings.emulatorPort, [port]) }
  }
  if (await isFree(settings.port)) return { port: settings.port, emulatorPort: settings.emulatorPort }
  throw new Error(
    `Port ${settings.port} is busy, and the real Globus sends people to the registered redirect only: free the port.`,
  )
}

/** The real Globus by its switch alone: addresses that are left over from work with the emulator do not count. */
function realGlobus(globus: NonNullable<Settings['globus']>, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const leftOver = Object.keys(env).filter((name) => name.startsWith('GLOBUS_SDK_'))
  return {
    ...Object.fromEntries(leftOver.map((name) => [name, undefined])),
    GLOBUS_SDK_ENVIRONMENT: globus.kind,
    GLOBUS_SDK_SERVICE_URL_AUTH: realIssuers[globus.kind],
    GLOBUS_CLIENT_ID: globus.clientId,
    GLOBUS_CLIENT_SECRET: globus.clientSecret,
    GLOBUS_REDIRECT_URI: globus.redirectUri,
  }
}
