import type { Hono } from 'hono'
import type { PortalContext } from '../context.ts'
import { describeCause } from '../log.ts'

/** For whatever watches over the portal: neither route reads a cookie. */
export function addHealthRoutes(app: Hono, { closing, store, log }: PortalContext): void {
  const headers = { 'cache-control': 'no-store' }
  app.get('/healthz', (c) => c.json({ status: 'ok' }, 200, headers))
  app.get('/readyz', async (c) => {
    // A proxy sends new requests elsewhere, while those under way end here.
    if (closing.aborted) return c.json({ status: 'unavailable', code: 'closing' }, 503, headers)
    try {
      await store.read('readiness')
      return c.json({ status: 'ready' }, 200, headers)
    } catch (error) {
      log.logger.error({ cause: describeCause(error) }, 'The session store does not answer.')
      return c.json({ status: 'unavailable', code: 'store_unavailable' }, 503, headers)
    }
  })
}
