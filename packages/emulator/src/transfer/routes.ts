import { createAccess, deleteAccess, getAccess, listAccess, updateAccess } from './access-rules.ts'
import { createBookmark, deleteBookmark, getBookmark, listBookmarks, updateBookmark } from './bookmarks.ts'
import { createBookmarkV2, deleteBookmarkV2, getBookmarkV2, listBookmarksV2, updateBookmarkV2 } from './bookmarks-v2.ts'
import type { Call, Reply } from './call.ts'
import {
  deleteEndpoint,
  getEndpoint,
  getServer,
  listMyShared,
  listServers,
  listShared,
  setSubscription,
  setSubscriptionVerified,
  updateEndpoint,
} from './endpoint.ts'
import { endpointSearch } from './endpoint-search.ts'
import { notImitated } from './errors.ts'
import { createSharedEndpoint } from './guest-collection.ts'
import { ls } from './ls.ts'
import { mkdir } from './mkdir.ts'
import type { TransferOperation } from './operation-names.ts'
import { effectivePauseRules } from './pause-rules.ts'
import { rename, symlink } from './rename.ts'
import { createRole, deleteRole, getRole, listRoles } from './roles.ts'
import { stat } from './stat.ts'
import { submissionId } from './submission-id.ts'
import { submitDelete } from './submit-delete.ts'
import { submitTransfer } from './submit-transfer.ts'
import { cancelTask, getTask, removeTask, updateTask } from './task.ts'
import { eventList, pauseInfo, skippedErrors, successfulTransfers } from './task-history.ts'
import { taskList } from './task-list.ts'

/** An operation of the Transfer API. Paths name their parts as Hono does. */
export interface TransferRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly name: TransferOperation
  readonly handle: (call: Call) => Reply | Promise<Reply>
  /** Whether it speaks JSON:API, as everything below `/v2` does. */
  readonly jsonApi: boolean
}

type Row = readonly [
  method: TransferRoute['method'],
  path: string,
  name: TransferOperation,
  handle: TransferRoute['handle'],
]

const E = '/endpoint/:endpoint'
const OPERATION = '/operation/endpoint/:endpoint'
const T = '/task/:task'

const classic: readonly Row[] = [
  ['GET', '/endpoint_search', 'endpoint-search', endpointSearch],
  ['GET', E, 'endpoint', getEndpoint],
  ['PUT', E, 'endpoint', updateEndpoint],
  ['DELETE', E, 'endpoint', deleteEndpoint],
  ['PUT', `${E}/subscription`, 'endpoint', setSubscription],
  ['PUT', `${E}/subscription_admin_verified`, 'endpoint', setSubscriptionVerified],
  ['GET', `${E}/server_list`, 'endpoint', listServers],
  ['GET', `${E}/server/:server`, 'endpoint', getServer],
  ['GET', `${E}/my_shared_endpoint_list`, 'endpoint', listMyShared],
  ['GET', `${E}/shared_endpoint_list`, 'endpoint', listShared],
  ['POST', '/shared_endpoint', 'endpoint', createSharedEndpoint],
  ['GET', `${E}/my_effective_pause_rule_list`, 'pause-rules', effectivePauseRules],
  ['GET', `${E}/role_list`, 'roles', listRoles],
  ['POST', `${E}/role`, 'roles', createRole],
  ['GET', `${E}/role/:role`, 'roles', getRole],
  ['DELETE', `${E}/role/:role`, 'roles', deleteRole],
  ['GET', `${E}/access_list`, 'access-rules', listAccess],
  ['POST', `${E}/access`, 'access-rules', createAccess],
  ['GET', `${E}/access/:rule`, 'access-rules', getAccess],
  ['PUT', `${E}/access/:rule`, 'access-rules', updateAccess],
  ['DELETE', `${E}/access/:rule`, 'access-rules', deleteAccess],
  ['GET', `${OPERATION}/ls`, 'ls', ls],
  ['GET', `${OPERATION}/stat`, 'stat', stat],
  ['POST', `${OPERATION}/mkdir`, 'mkdir', mkdir],
  ['POST', `${OPERATION}/rename`, 'rename', rename],
  ['POST', `${OPERATION}/symlink`, 'symlink', symlink],
  ['GET', '/submission_id', 'submission-id', submissionId],
  ['POST', '/transfer', 'submit-transfer', submitTransfer],
  ['POST', '/delete', 'submit-delete', submitDelete],
  ['GET', '/task_list', 'task-list', taskList],
  ['GET', T, 'task', getTask],
  ['PUT', T, 'task', updateTask],
  ['POST', `${T}/cancel`, 'task-cancel', cancelTask],
  ['POST', `${T}/remove`, 'task', removeTask],
  ['GET', `${T}/event_list`, 'task-history', eventList],
  ['GET', `${T}/successful_transfers`, 'task-history', successfulTransfers],
  ['GET', `${T}/skipped_errors`, 'task-history', skippedErrors],
  ['GET', `${T}/pause_info`, 'task-history', pauseInfo],
  ['GET', '/bookmark_list', 'bookmarks', listBookmarks],
  ['POST', '/bookmark', 'bookmarks', createBookmark],
  ['GET', '/bookmark/:bookmark', 'bookmarks', getBookmark],
  ['PUT', '/bookmark/:bookmark', 'bookmarks', updateBookmark],
  ['DELETE', '/bookmark/:bookmark', 'bookmarks', deleteBookmark],
]

const jsonApi: readonly Row[] = [
  ['GET', '/v2/bookmarks', 'bookmarks', listBookmarksV2],
  ['POST', '/v2/bookmarks', 'bookmarks', createBookmarkV2],
  ['GET', '/v2/bookmarks/:bookmark', 'bookmarks', getBookmarkV2],
  ['PATCH', '/v2/bookmarks/:bookmark', 'bookmarks', updateBookmarkV2],
  ['DELETE', '/v2/bookmarks/:bookmark', 'bookmarks', deleteBookmarkV2],
]

/** What Transfer has and the emulator does not; a client hears 501 and why. */
const missing: readonly (readonly [path: string, what: string])[] = [
  ['/v0.10/endpoint_manager/*', 'the endpoint manager'],
  ['/v2/tunnels', 'tunnels'],
  ['/v2/tunnels/*', 'tunnels'],
  ['/v2/stream_access_points', 'stream access points'],
  ['/v2/stream_access_points/*', 'stream access points'],
]

const toRoute = ([method, path, name, handle]: Row, isJsonApi: boolean): TransferRoute => ({
  method,
  path: isJsonApi ? path : `/v0.10${path}`,
  name,
  handle,
  jsonApi: isJsonApi,
})

/** Every operation, by method and path. */
export const transferRoutes: readonly TransferRoute[] = [
  ...classic.map((row) => toRoute(row, false)),
  ...jsonApi.map((row) => toRoute(row, true)),
  ...missing.flatMap(([path, what]) =>
    (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).map((method) => ({
      method,
      path,
      name: 'not-imitated' as const,
      jsonApi: path.startsWith('/v2'),
      handle: () => {
        throw notImitated(what)
      },
    })),
  ),
]
