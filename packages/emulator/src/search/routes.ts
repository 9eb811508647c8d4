import type { ServiceOperation } from '../services/names.ts'
import type { ServiceMethod, ServiceReply, ServiceRoute } from '../services/service-route.ts'
import { enterSearch, type Need, type SearchCall } from './call.ts'
import { refuseSearch, searchDefect } from './errors.ts'
import { createIndex, deleteIndex, getIndex, listIndexes, reopenIndex, updateIndex } from './indexes.ts'
import { deleteByQuery, deleteEntry, deleteSubject, deleteSubjects, ingest, putEntry } from './ingest.ts'
import { getEntry, getSubject } from './lookup.ts'
import { scroll, searchByDocument, searchByQuery } from './query.ts'
import { createRole, deleteRole, listRoles } from './roles.ts'
import { doDueTasks, getTask, listTasks } from './tasks.ts'

type Row = readonly [
  method: ServiceMethod,
  path: string,
  need: Need,
  handle: (call: SearchCall) => ServiceReply | Promise<ServiceReply>,
]

const I = '/v1/index/:index'

const operations: Readonly<Partial<Record<ServiceOperation, readonly Row[]>>> = {
  search: [
    ['GET', `${I}/search`, 'search', searchByQuery],
    ['POST', `${I}/search`, 'search', searchByDocument],
    ['POST', `${I}/scroll`, 'search', scroll],
    ['GET', `${I}/subject`, 'search', getSubject],
    ['GET', `${I}/entry`, 'search', getEntry],
  ],
  'search-index': [
    ['POST', '/v1/index', 'all', createIndex],
    ['GET', '/v1/index_list', 'search', listIndexes],
    ['GET', I, 'search', getIndex],
    ['PATCH', I, 'all', updateIndex],
    ['DELETE', I, 'all', deleteIndex],
    ['POST', `${I}/reopen`, 'all', reopenIndex],
    ['GET', `${I}/role_list`, 'all', listRoles],
    ['POST', `${I}/role`, 'all', createRole],
    ['DELETE', `${I}/role/:role`, 'all', deleteRole],
  ],
  'search-ingest': [
    ['POST', `${I}/ingest`, 'ingest', ingest],
    ['POST', `${I}/entry`, 'ingest', putEntry],
    ['PUT', `${I}/entry`, 'ingest', putEntry],
    ['DELETE', `${I}/entry`, 'ingest', deleteEntry],
    ['DELETE', `${I}/subject`, 'ingest', deleteSubject],
    ['POST', `${I}/delete_by_query`, 'ingest', deleteByQuery],
    ['POST', `${I}/batch_delete_by_subject`, 'ingest', deleteSubjects],
    ['GET', '/v1/task/:task', 'ingest', getTask],
    ['GET', '/v1/task_list/:index', 'ingest', listTasks],
  ],
}

const routesOf = (name: 'search' | 'search-index' | 'search-ingest'): readonly ServiceRoute[] =>
  (operations[name] ?? []).map(([method, path, need, handle]) => ({
    method,
    path,
    name,
    handle: (incoming) => {
      const call = enterSearch(incoming, need)
      doDueTasks(call.context)
      return handle(call)
    },
    refuse: refuseSearch,
    defect: searchDefect,
  }))

/** Every operation of the Search API, by method and path. */
export const searchRoutes: readonly ServiceRoute[] = (['search', 'search-index', 'search-ingest'] as const).flatMap(
  routesOf,
)
