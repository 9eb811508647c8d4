import type { Hono } from 'hono'
import type { PortalContext } from './context.ts'
import { showAccount } from './handlers/account.ts'
import { removeBookmark } from './handlers/collections/bookmarks.ts'
import { showCollections } from './handlers/collections/list.ts'
import { allowDataset } from './handlers/data/allow.ts'
import { showDatasets } from './handlers/data/list.ts'
import { showDataset } from './handlers/data/show.ts'
import { showHome } from './handlers/home.ts'
import { revealToken } from './handlers/reveal.ts'
import { showRecord } from './handlers/search/record.ts'
import { showSearch } from './handlers/search/results.ts'
import { endAllSessions, endOneSession } from './handlers/sessions.ts'

/**
 * The pages, one line each. `/login` and `/logout` belong to the login's middleware; `/assets/…`, `/healthz` and `/readyz`
 * need no session and stand before it.
 */
export function addRoutes(app: Hono, context: PortalContext): void {
  app.get('/', showHome(context))
  if (context.config.mode !== 'browser') addDataRoutes(app, context)
  app.get('/collections', showCollections(context))
  app.post('/bookmarks/remove', removeBookmark(context))
  app.get('/account', showAccount(context))
  app.post('/account/sessions/end', endOneSession(context))
  app.post('/account/sessions/end-all', endAllSessions(context))
  app.post('/account/tokens/reveal', revealToken(context))
}

function addDataRoutes(app: Hono, context: PortalContext): void {
  app.get('/data', showDatasets(context))
  app.get('/data/:id', showDataset(context))
  app.get('/data/:id/allow', allowDataset(context))
  const { search } = context.config
  if (search === undefined) return
  app.get('/search', showSearch(context, search))
  app.get('/search/record', showRecord(context, search))
}
