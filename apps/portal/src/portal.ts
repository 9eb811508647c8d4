import { setTimeout as delay } from 'node:timers/promises'
import { Hono } from 'hono'
import { createAppIdentity, createLogin, isPierheadError, type Clock, type Login, type SessionStore } from 'pierhead'
import { scopes } from 'pierhead/globus'
import { getSession, loginMiddleware } from 'pierhead/hono'
import { answerRefusal } from './access/answer-refusal.ts'
import { AccessRefusedError } from './access/lacking.ts'
import { requireEverywhere } from './access/require-everywhere.ts'
import { loadAssets } from './assets.ts'
import { limitBodies } from './body-limit.ts'
import { addBrandingRoutes, loadBranding } from './branding.ts'
import { createTabCounts } from './collections/tab-counts.ts'
import { ConfigurationError, type PortalConfig } from './config.ts'
import type { PortalContext } from './context.ts'
import { createCollections } from './files/collection-cache.ts'
import { createGrants } from './data/grants.ts'
import { createRefusedWrites } from './files/refused-writes.ts'
import { createPublished } from './data/published.ts'
import { createTreeSizes } from './data/tree-sizes.ts'
import { createGlobus } from './globus.ts'
import { addAssetRoutes } from './handlers/assets.ts'
import { addHealthRoutes } from './handlers/health.ts'
import { answerProblem, internalError, notFound } from './handlers/problem.ts'
import { createLog, describeFault } from './log.ts'
import { addMetricsRoute, countRequests } from './operator/count-requests.ts'
import { createAudit } from './operator/audit.ts'
import { createMetrics } from './operator/metrics.ts'
import { notePeople } from './operator/note-people.ts'
import { openPeople } from './operator/people.ts'
import { createRefusals } from './operator/refusals.ts'
import { addRoutes } from './routes.ts'
import { scopesFor } from './scopes.ts'
import { securityHeaders } from './security-headers.ts'
import { openSessionStore } from './session-file.ts'
import { describeSite } from './site.ts'
import { loginPages } from './views/login-pages.ts'
import { createTurns } from './turns.ts'
import { createLiveTasks } from './transfers/live-tasks.ts'
import { createPastOrders } from './transfers/past-orders.ts'
import { personOf } from './views/person.ts'
import { writeUpdate } from './views/transfers/update.ts'

/** The portal without a socket: hand requests to `app.fetch`. */
export interface Portal {
  readonly app: Hono
  readonly login: Login
  /** Says that the end is near: `/readyz` says no, and streams of events end. */
  drain(): void
  /** Writes what is pending and closes the session store. */
  close(): Promise<void>
}

export interface PortalDependencies {
  readonly clock?: Clock
  readonly fetch?: typeof fetch
  /** Takes each line of the log. Default: standard error. */
  readonly writeLog?: (line: string) => void
  /** Where sessions are kept; closed with the portal. Default: a file below the data folder. */
  readonly store?: SessionStore
}

/**
 * Puts the portal together. Nothing is sent yet.
 * @throws ConfigurationError when settings contradict each other or the data folder cannot be used
 */
export function createPortal(config: PortalConfig, dependencies: PortalDependencies = {}): Portal {
  const assets = loadAssets()
  const branding = loadBranding(config)
  const ending = new AbortController()
  const context = createContext(
    config,
    { branding, closing: ending.signal, site: describeSite(config, assets, branding) },
    dependencies,
  )
  const { log, login } = context
  const app = new Hono()
  app.use(log.requests)
  app.use(countRequests(context.metrics))
  app.use(securityHeaders({ formActionSources: login.formActionSources, https: isHttps(config) }))
  addHealthRoutes(app, context)
  addMetricsRoute(app, config, context.metrics)
  addAssetRoutes(app, assets)
  addBrandingRoutes(app, branding)
  app.use(limitBodies(context))
  app.use(loginMiddleware(login))
  app.use(notePeople(context))
  app.use(requireEverywhere(context))
  addRoutes(app, context)
  app.notFound((c) => {
    const session = getSession(c)
    return answerProblem(c, context, { ...notFound, person: session && personOf(session) })
  })
  app.onError((error, c) => {
    // The middleware of the login answers these in place of what is returned here.
    if (isPierheadError(error)) return c.body(null, 500)
    if (error instanceof AccessRefusedError) return answerRefusal(c, context, error)
    log.logger.error(describeFault(error), 'A request failed.')
    return answerProblem(c, context, internalError)
  })
  return {
    app,
    login,
    drain: () => ending.abort(),
    async close() {
      ending.abort()
      await login.close()
      context.people.close()
    },
  }
}

function createContext(
  config: PortalConfig,
  { branding, closing, site }: Pick<PortalContext, 'branding' | 'closing' | 'site'>,
  dependencies: PortalDependencies,
): PortalContext {
  const log = createLog(dependencies.writeLog)
  const { clock, fetch, store = openSessionStore(config.dataFolder, clock?.now) } = dependencies
  const now = () => clock?.now() ?? Date.now()
  const refusals = createRefusals(now)
  const metrics = createMetrics()
  const globus = createGlobus({ clock, fetch })
  const outside = { ...(clock === undefined ? {} : { clock }), ...(fetch === undefined ? {} : { fetch }) }
  const { clientId, clientSecret, issuer } = config
  const client = { clientId, clientSecret, issuer, ...outside }
  const own = withRemedy(() => createAppIdentity({ ...client, logger: log.login })).tokens([scopes.transfer.all])
  const login = withRemedy(() =>
    createLogin({
      ...client,
      redirectUri: config.redirectUri,
      scopes: scopesFor(config),
      session: { secrets: config.sessionSecrets, store },
      logoutPath: site.logoutUrl,
      afterLogout: site.homeUrl,
      name: site.name,
      pages: loginPages(site, () => log.requestId()),
      logger: (event) => {
        log.login(event)
        refusals.note(event, log.requestId())
        metrics.event(event)
      },
    }),
  )
  const time = clock ?? { now, wait }
  const longest = config.access === undefined ? usualStream : guardedStream
  const liveTasks = createLiveTasks({ globus, login, clock: time, longest, write: writeUpdate, closing })
  return {
    config,
    login,
    globus,
    collections: createCollections(globus, now),
    tabCounts: createTabCounts(globus, now),
    refusedWrites: createRefusedWrites(now),
    turns: createTurns(),
    liveTasks,
    pastOrders: createPastOrders({ store, secrets: config.sessionSecrets, now }),
    published: createPublished({ globus, own, now }),
    treeSizes: createTreeSizes({ globus, clock: time, closing }),
    grants: createGrants({ globus, own }),
    branding,
    store,
    log,
    refusals,
    audit: createAudit(log, now),
    people: openPeople(config.dataFolder, now),
    metrics,
    closing,
    site,
    now,
  }
}

/** Milliseconds. Where access has conditions, no longer than an earlier yes of Groups counts. */
const [usualStream, guardedStream] = [3_600_000, 60_000]

const wait = (milliseconds: number, signal?: AbortSignal) => delay(milliseconds, undefined, { signal, ref: false })

function withRemedy<T>(create: () => T): T {
  try {
    return create()
  } catch (cause) {
    if (cause instanceof TypeError) throw new ConfigurationError(`The portal cannot start: ${cause.message}`, { cause })
    throw cause
  }
}

function isHttps(config: PortalConfig): boolean {
  return config.redirectUri.startsWith('https:')
}
