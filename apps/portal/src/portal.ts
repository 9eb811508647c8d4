import { Hono } from 'hono'
import { isPierheadError, type Login } from 'pierhead'
import { getSession, loginMiddleware } from 'pierhead/hono'
import { answerRefusal } from './access/answer-refusal.ts'
import { AccessRefusedError } from './access/lacking.ts'
import { requireEverywhere } from './access/require-everywhere.ts'
import { loadAssets } from './assets.ts'
import { limitBodies } from './body-limit.ts'
import { addBrandingRoutes, loadBranding } from './branding.ts'
import type { PortalConfig } from './config.ts'
import { createContext, type PortalDependencies } from './create-context.ts'
import { addAssetRoutes } from './handlers/assets.ts'
import { addHealthRoutes } from './handlers/health.ts'
import { answerProblem, internalError, notFound } from './handlers/problem.ts'
import { describeFault } from './log.ts'
import { addMetricsRoute, countRequests } from './operator/count-requests.ts'
import { notePeople } from './operator/note-people.ts'
import { addRoutes } from './routes.ts'
import { securityHeaders } from './security-headers.ts'
import { describeSite } from './site.ts'
import { personOf } from './views/person.ts'

/** The portal without a socket: hand requests to `app.fetch`. */
export interface Portal {
  readonly app: Hono
  readonly login: Login
  /** Says that the end is near: `/readyz` says no, and streams of events end. */
  drain(): void
  /** Writes what is pending and closes the session store. */
  close(): Promise<void>
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

function isHttps(config: PortalConfig): boolean {
  return config.redirectUri.startsWith('https:')
}
