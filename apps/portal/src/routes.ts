import type { Hono } from 'hono'
import { requireTransfer } from './access/require-transfer.ts'
import type { PortalContext } from './context.ts'
import { showAccount } from './handlers/account.ts'
import { endSessionsOf } from './handlers/admin/end-sessions.ts'
import { showAdmin } from './handlers/admin/show.ts'
import { removeBookmark } from './handlers/collections/bookmarks.ts'
import { countTabs } from './handlers/collections/counts.ts'
import { showCollections } from './handlers/collections/list.ts'
import { allowDataset } from './handlers/data/allow.ts'
import { getAccess } from './handlers/data/access.ts'
import { showDatasets } from './handlers/data/list.ts'
import { showDataset } from './handlers/data/show.ts'
import { bookmarkFolder } from './handlers/files/bookmark-folder.ts'
import { deleteEntries } from './handlers/files/delete.ts'
import { downloadFile } from './handlers/files/download.ts'
import { enableHttps } from './handlers/files/enable.ts'
import { listEntries } from './handlers/files/entries.ts'
import { makeFolder } from './handlers/files/make-folder.ts'
import { previewFile } from './handlers/files/preview.ts'
import { renameEntry } from './handlers/files/rename.ts'
import { showFiles } from './handlers/files/show.ts'
import { checkUpload, uploadFile } from './handlers/files/upload.ts'
import { showGroup, showGroups } from './handlers/groups.ts'
import { showHome } from './handlers/home.ts'
import { revealToken } from './handlers/reveal.ts'
import { showRecord } from './handlers/search/record.ts'
import { showSearch } from './handlers/search/results.ts'
import { addShare, removeShare } from './handlers/sharing/change.ts'
import { askForShare, shareFolder } from './handlers/sharing/new.ts'
import { showSharing } from './handlers/sharing/show.ts'
import { showSession, showSignedIn } from './handlers/session.ts'
import { askAgain } from './handlers/transfers/again.ts'
import { cancelTask } from './handlers/transfers/cancel.ts'
import { showTasks } from './handlers/transfers/list.ts'
import { askForTransfer, submitTransfer } from './handlers/transfers/new.ts'
import { showTask } from './handlers/transfers/show.ts'
import { listUpdates, streamTasks } from './handlers/transfers/stream.ts'
import { giveTokenBack, renewToken } from './handlers/tokens.ts'
import { endAllSessions, endOneSession } from './handlers/sessions.ts'

/**
 * The pages, one line each. `/login` and `/logout` belong to the login's middleware; `/assets/…`, `/healthz` and `/readyz`
 * need no session and stand before it.
 */
export function addRoutes(app: Hono, context: PortalContext): void {
  app.get('/', showHome(context))
  if (context.config.mode !== 'browser') addDataRoutes(app, context)
  for (const path of ['/collections', '/collections/*', '/bookmarks/*', '/transfers', '/transfers/*'])
    app.use(path, requireTransfer())
  // Without the list of collections there are still the files of datasets, and where to copy them.
  if (context.config.mode !== 'datasets') {
    app.get('/collections', showCollections(context))
    app.get('/collections/counts', countTabs(context))
  }
  app.get('/session', showSession())
  app.get('/signed-in', showSignedIn(context))
  app.post('/bookmarks/remove', removeBookmark(context))
  addFileRoutes(app, context)
  addTransferRoutes(app, context)
  addSharingRoutes(app, context)
  app.get('/admin', showAdmin(context))
  app.post('/admin/sessions/end', endSessionsOf(context))
  app.get('/account', showAccount(context))
  app.post('/account/sessions/end', endOneSession(context))
  app.post('/account/sessions/end-all', endAllSessions(context))
  app.post('/account/tokens/renew', renewToken(context))
  app.post('/account/tokens/give-back', giveTokenBack(context))
  app.post('/account/tokens/reveal', revealToken(context))
}

function addDataRoutes(app: Hono, context: PortalContext): void {
  app.get('/data', showDatasets(context))
  app.get('/data/:id', showDataset(context))
  app.post('/data/:id/access', getAccess(context))
  app.get('/data/:id/allow', allowDataset(context))
  const { search } = context.config
  if (search === undefined) return
  app.get('/search', showSearch(context, search))
  app.get('/search/record', showRecord(context, search))
}

function addFileRoutes(app: Hono, context: PortalContext): void {
  app.get('/collections/:id/files', showFiles(context))
  app.post('/collections/:id/files/folder', makeFolder(context))
  app.post('/collections/:id/files/rename', renameEntry(context))
  app.post('/collections/:id/files/delete', deleteEntries(context))
  app.post('/collections/:id/files/bookmark', bookmarkFolder(context))
  app.get('/collections/:id/files/enable', enableHttps(context))
  app.get('/collections/:id/entries', listEntries(context))
  app.get('/collections/:id/preview', previewFile(context))
  app.get('/collections/:id/content', downloadFile(context))
  app.put('/collections/:id/content', uploadFile(context))
  app.get('/collections/:id/upload-check', checkUpload(context))
}

function addTransferRoutes(app: Hono, context: PortalContext): void {
  app.get('/transfers', showTasks(context))
  app.get('/transfers/new', askForTransfer(context))
  app.post('/transfers/new', askForTransfer(context))
  app.post('/transfers', submitTransfer(context))
  app.get('/transfers/events', streamTasks(context))
  app.get('/transfers/updates', listUpdates(context))
  app.get('/transfers/:id', showTask(context))
  app.get('/transfers/:id/again', askAgain(context))
  app.post('/transfers/:id/cancel', cancelTask(context))
}

function addSharingRoutes(app: Hono, context: PortalContext): void {
  app.get('/collections/:id/sharing', showSharing(context))
  app.post('/collections/:id/sharing', addShare(context))
  app.post('/collections/:id/sharing/remove', removeShare(context))
  app.get('/collections/:id/share', askForShare(context))
  app.post('/collections/:id/share', shareFolder(context))
  app.get('/groups', showGroups(context))
  app.get('/groups/:id', showGroup(context))
}
