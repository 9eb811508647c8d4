import { createApp } from './app.ts'
import { findRedirectProblem } from './auth/redirect-uri.ts'
import { needsPassword } from './auth/needs-password.ts'
import { systemClock, type Clock } from './clock.ts'
import { waysIn, type WaysIn } from './ways-in.ts'
import type { EmulatorContext } from './context.ts'
import { demoSeed } from './demo.ts'
import { envLines, registerApp } from './developer/register-app.ts'
import { createFaults, type Faults } from './faults.ts'
import { openOrigins, registerDataClients } from './https-data/data-client.ts'
import { createOrigins } from './https-data/create-origins.ts'
import type { DataPorts } from './https-data/port-origins.ts'
import { describeEmulator, type EmulatorInfo } from './info.ts'
import { createRecorder } from './inspector/recorder.ts'
import { silentLog, type Log } from './log.ts'
import { defaultBehaviour, type Behaviour } from './options.ts'
import { removeThing, type Removable } from './remove.ts'
import { createSystemRandom, type RandomBytes } from './random.ts'
import { plantServices } from './services/plant-services.ts'
import { plantTransfer, type OwnCollection } from './transfer/plant-transfer.ts'
import { createTransferService, type TransferService } from './transfer/service.ts'
import { authorizeForScript, type AuthorizeOrder, type AuthorizeResult } from './scripts/authorize-for-script.ts'
import { credentialsOf, requirePerson } from './scripts/find-person.ts'
import {
  issueForScript,
  preApprove,
  type ConsentGrant,
  type TokenOrder,
  type TokenResponse,
} from './scripts/issue-for-script.ts'
import { checkSeed, plant, plantGlobus, type Seed, type SeedTools } from './seed.ts'
import { openWorld, type World } from './world.ts'
import type { Identity } from './world/identities.ts'

/** A further redirect address for a client. */
export interface ExtraRedirect {
  readonly clientId: string
  readonly redirectUri: string
}

/** An app to register. */
export interface NewApp {
  readonly name: string
  /** `portal`, `thick-client`, `browser-app`, `service-account` or `service-api`. */
  readonly type: string
  readonly redirectUris: readonly string[]
}

/** What a registered app needs to know. */
export interface RegisteredAppInfo {
  readonly clientId: string
  /** Null for public clients. */
  readonly clientSecret: string | null
  /** Lines for its `.env`. */
  readonly env: readonly string[]
}

/** How an emulator is made. Every option has a default. */
export interface EmulatorOptions {
  /** `scheme://host:port` under which browsers and apps reach it; the issuer. Default `http://127.0.0.1:8889`. */
  readonly origin?: string | undefined
  /** Where the world is kept. Without it everything is in memory and forgotten at the end. */
  readonly dataDir?: string | undefined
  /** People, clients and scopes beside those of the demo world. */
  readonly seed?: Seed | undefined
  /** Further addresses that clients of the world may come back to. */
  readonly redirectUris?: readonly ExtraRedirect[] | undefined
  /** Own directories that become collections of Maya's. */
  readonly collections?: readonly OwnCollection[] | undefined
  /** Host names it answers to, beside the loopback names and that of `origin`. */
  readonly allowHosts?: readonly string[] | undefined
  /**
   * The origins at which collections serve their files, with `{id}` where the id stands: one port, names by wildcard DNS. Default: a name
   * below `localhost` on the port of `origin`, or a port each for an emulator that listens.
   */
  readonly dataOriginTemplate?: string | undefined
  /** Listens on a port for each collection; `startEmulator` does it. */
  readonly dataPorts?: DataPorts | undefined
  /** Whether the inspector answers to everybody who reaches it, not only to this machine. Default false. */
  readonly openInspector?: boolean | undefined
  /** What differs from the default behaviour. */
  readonly behaviour?: Partial<Behaviour> | undefined
  /** Tells the time, for tests. Default: the machine's. */
  readonly clock?: Clock | undefined
  /** Makes secrets, codes and tokens, for tests. Default: the machine's. */
  readonly random?: RandomBytes | undefined
  /** Default: nothing is logged. */
  readonly log?: Log | undefined
}

/** A local Globus that listens nowhere: requests are handed to `fetch`. */
export interface Emulator extends WaysIn {
  readonly origin: string
  readonly world: World
  readonly faults: Faults
  /** May be changed while it runs. */
  readonly behaviour: Behaviour
  readonly random: RandomBytes
  /** Where the files of collections are, and the engine that moves them. */
  readonly transfer: TransferService
  /** How often each path was asked for. */
  readonly requestCounts: ReadonlyMap<string, number>
  /** Answers a request: to the emulator itself, or to the origin of a collection, by its host. */
  readonly fetch: (request: Request) => Promise<Response>
  /** Opens the origins of collections that have none yet. */
  openOrigins(): Promise<void>
  info(): EmulatorInfo
  /** Gives tokens without a login. @throws TypeError for a client, identity or scope that does not exist */
  issueTokens(order: TokenOrder): Promise<TokenResponse>
  /** Walks through a login as a person would. @throws Error with the words of an error page */
  authorize(order: AuthorizeOrder): Promise<AuthorizeResult>
  /** Records consent without asking. @returns how many places of the tree are allowed now */
  preApprove(grant: ConsentGrant): number
  /** Adds what the seed holds, or replaces what has the same id. @throws TypeError as for a seed file */
  plant(seed: Seed): void
  /**
   * Registers an app, as the Developers page and `client add` do.
   *
   * @throws RegistrationError (a TypeError) naming what is wrong
   */
  registerApp(app: NewApp): RegisteredAppInfo
  /** Takes something out of the world, with what rests on it. @returns whether it was there */
  remove(what: Removable, id: string): boolean
  /** Forgets logins, codes, tokens, consents, faults and counts, and puts the seeds back. Secrets and the signing key stay. */
  reset(): void
  close(): void
}

/**
 * Makes an emulator.
 *
 * @throws TypeError for a wrong option, naming it
 */
export function createEmulator(options: EmulatorOptions = {}): Emulator {
  const context = createContext(options)
  const tools: SeedTools = context
  const requestCounts = new Map<string, number>()
  const recorder = createRecorder()
  const { allowHosts = [], openInspector } = options
  const hosts = { origin: context.issuer, allowHosts, openInspector }
  const fetch = createApp({ context, hosts, log: options.log ?? silentLog, requestCounts, recorder })
  const sow = (): void => {
    populate(tools, options)
    registerDataClients(context)
  }
  let closed = false
  sow()
  context.transfer.engine.wake()
  return {
    origin: context.issuer,
    world: context.world,
    faults: context.faults,
    behaviour: context.behaviour,
    ...waysIn(context, fetch),
    random: context.random,
    transfer: context.transfer,
    requestCounts,
    fetch,
    openOrigins: () => openOrigins(context),
    info: () => describeEmulator(context),
    issueTokens: (order) => issueForScript(order, context),
    authorize: (order) => authorizeForScript({ ...order, ...credentialsOf(order.as, context.world) }, { fetch }),
    preApprove: (grant) => preApprove(grant, context),
    plant: (seed) => plant(checkSeed(seed), tools),
    remove: (what, id) => removeThing(what, id, context),
    registerApp: (app) => addApp(app, context),
    reset: () => {
      context.world.transaction(() => context.world.timeShift.forget())
      context.transfer.forget()
      context.world.forgetServices()
      context.faults.clear()
      requestCounts.clear()
      recorder.clear()
      sow()
    },
    close: () => {
      if (closed) return
      closed = true
      void context.transfer.close()
      context.world.close()
    },
  }
}

function createContext(options: EmulatorOptions): EmulatorContext {
  const log = options.log ?? silentLog
  const surroundings = {
    issuer: checkOrigin(options.origin ?? 'http://127.0.0.1:8889'),
    world: openWorld(options.dataDir),
    behaviour: { ...defaultBehaviour, ...options.behaviour },
    faults: createFaults(),
    clock: options.clock ?? systemClock,
    random: options.random ?? createSystemRandom(),
    warn: (message: string) => log(`warning: ${message}`),
  }
  const around = { ...surroundings, origins: createOrigins(options, surroundings) }
  return { ...around, transfer: createTransferService(around, options.dataDir) }
}

function addApp({ name, type, redirectUris }: NewApp, context: EmulatorContext): RegisteredAppInfo {
  const { world, issuer } = context
  const project = world.projects.all()[0]?.id ?? null
  const registered = world.transaction(() => registerApp({ name, type, redirectUris, project }, context))
  return { clientId: registered.client.id, clientSecret: registered.secret, env: envLines(registered, issuer) }
}

function checkOrigin(origin: string): string {
  if (URL.canParse(origin) && new URL(origin).origin === origin && /^https?:/.test(origin)) return origin
  throw new TypeError(`origin must be scheme://host:port without a path or trailing slash, not ${origin}`)
}

function populate(tools: SeedTools, options: EmulatorOptions): void {
  plantGlobus(tools)
  const withDemo = options.seed?.demo ?? true
  if (withDemo) plant(onlyMissing(demoSeed, tools.world), tools)
  if (options.seed !== undefined) plant(options.seed, tools)
  plantTransfer(tools, options.collections ?? [], withDemo)
  if (withDemo) plantServices(tools)
  for (const extra of options.redirectUris ?? []) addRedirect(extra, tools.world)
  const autoLogin = options.behaviour?.autoLogin ?? null
  if (autoLogin !== null) refuseProtected(requirePerson(tools.world, autoLogin), tools.world)
}

function refuseProtected(person: Identity, world: World): void {
  const reason = needsPassword(person, world)
  if (reason !== undefined)
    throw new TypeError(
      `autoLogin: ${person.username} needs a password, because ${reason}; everybody would be that person`,
    )
}

/** What somebody changed in the demo world stays changed over a restart. */
function onlyMissing(seed: Seed, world: World): Seed {
  return {
    ...seed,
    identities: seed.identities?.filter(({ id }) => world.identities.find(id) === undefined),
    clients: seed.clients?.filter(({ id }) => world.clients.find(id) === undefined),
    projects: seed.projects?.filter(({ id }) => world.projects.find(id) === undefined),
    policies: seed.policies?.filter(({ id }) => world.policies.find(id) === undefined),
  }
}

function addRedirect({ clientId, redirectUri }: ExtraRedirect, world: World): void {
  const client = world.clients.find(clientId)
  if (client === undefined) throw new TypeError(`redirectUris: there is no client ${clientId}`)
  const problem = findRedirectProblem(redirectUri)
  if (problem !== undefined) throw new TypeError(`redirectUris: ${redirectUri} ${problem}`)
  if (!client.redirectUris.includes(redirectUri)) {
    world.clients.put({ ...client, redirectUris: [...client.redirectUris, redirectUri] })
  }
}
