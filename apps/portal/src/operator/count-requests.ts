import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, Hono, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { PortalConfig } from '../config.ts'
import type { Metrics } from './metrics.ts'

/** Counts every request under the pattern of its route. */
export function countRequests(metrics: Metrics): MiddlewareHandler {
  return async (c, next) => {
    const started = performance.now()
    metrics.inFlight += 1
    try {
      await next()
    } finally {
      metrics.inFlight -= 1
      const seconds = (performance.now() - started) / 1000
      metrics.request({ route: routeOf(c), method: c.req.method, status: c.res.status, seconds })
    }
  }
}

/** What is answered before any route, such as the login, has a path of its own too; all else is of no route. */
function routeOf(c: Context): string {
  const route = matchedRoutes(c).findLast(({ path }) => !path.includes('*'))
  if (route !== undefined) return route.path
  return ['/login', '/logout'].includes(c.req.path) ? c.req.path : 'none'
}

/**
 * Answers whoever sends the token of the settings. Not by the address a request comes from: behind a proxy on the same machine
 * every one comes from there. Without a token in the settings there is no such page.
 */
export function addMetricsRoute(app: Hono, { metricsToken }: PortalConfig, metrics: Metrics): void {
  if (metricsToken === undefined) return
  app.get('/metrics', (c) => {
    const sent = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
    const headers = { 'cache-control': 'no-store' }
    if (!isSame(sent, metricsToken))
      return c.body(null, 401, { ...headers, 'www-authenticate': 'Bearer realm="metrics"' })
    return c.body(metrics.write(), 200, { ...headers, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
  })
}

/** Takes as long whatever was sent. */
function isSame(sent: string, token: string): boolean {
  const [one, other] = [sent, token].map((text) => createHash('sha256').update(text).digest())
  return one !== undefined && other !== undefined && timingSafeEqual(one, other)
}
