/**
 * Methods of the SDK's `transfer` and where they take what. The lists end at 1,000 results where `cap` says so: the
 * service sends no more, without an error.
 */
export const transferMethods = {
  endpointSearch: { takes: 'query', lists: 'DATA', paging: { by: 'offset', pageSize: 100, cap: 1000 } },
  fileOperations: {
    ls: { takes: 'id query', lists: 'DATA' },
    mkdir: { takes: 'id payload' },
    rename: { takes: 'id payload' },
    symlink: { takes: 'id payload' },
    stat: { takes: 'id query' },
  },
  endpoint: {
    get: { takes: 'id' },
    create: { takes: 'payload' },
    update: { takes: 'id payload' },
    remove: { takes: 'id' },
  },
  task: {
    getAll: { takes: 'query', lists: 'DATA', paging: { by: 'offset', pageSize: 1000, cap: 1000 } },
    get: { takes: 'id' },
    update: { takes: 'id payload' },
    cancel: { takes: 'id', idempotent: true },
    remove: { takes: 'id', idempotent: true },
    getEventList: { takes: 'id query', lists: 'DATA', paging: { by: 'offset', pageSize: 1000, cap: 1000 } },
    getSuccessfulTransfers: {
      takes: 'id query',
      lists: 'DATA',
      paging: { by: 'cursor', from: 'next_marker', to: 'marker' },
    },
    getSkippedErrors: { takes: 'id query', lists: 'DATA', paging: { by: 'cursor', from: 'next_marker', to: 'marker' } },
    getPauseInfo: { takes: 'id' },
  },
  access: {
    getAll: { takes: 'id query', lists: 'DATA' },
    create: { takes: 'id payload' },
    get: { takes: 'ids' },
    update: { takes: 'ids payload' },
    remove: { takes: 'ids' },
  },
  roles: {
    getAll: { takes: 'id', lists: 'DATA' },
    create: { takes: 'id payload' },
    get: { takes: 'ids' },
    remove: { takes: 'ids' },
  },
  collectionBookmarks: {
    getAll: { takes: 'nothing', lists: 'DATA' },
    create: { takes: 'payload' },
    get: { takes: 'id' },
    update: { takes: 'id payload' },
    remove: { takes: 'id' },
  },
  tunnel: {
    getAll: { takes: 'nothing', lists: 'data', paging: { by: 'link' } },
    get: { takes: 'id' },
    create: { takes: 'payload' },
    remove: { takes: 'id' },
    start: { takes: 'id payload' },
    stop: { takes: 'id payload' },
    getEventList: { takes: 'id', lists: 'data', paging: { by: 'link' } },
  },
  streamAccessPoint: {
    getAll: { takes: 'nothing', lists: 'data', paging: { by: 'link' } },
    get: { takes: 'id' },
  },
} as const
