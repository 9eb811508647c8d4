/** Methods of the SDK's `groups`, and where they take what. */
export const groupsMethods = {
  groups: {
    getMyGroups: { takes: 'query', lists: '' },
    get: { takes: 'id query' },
    create: { takes: 'payload' },
    update: { takes: 'id payload' },
    remove: { takes: 'id' },
    getStatuses: { takes: 'nothing' },
  },
  membership: { act: { takes: 'id payload' } },
  policies: { get: { takes: 'id' }, update: { takes: 'id payload' } },
} as const

/** Methods of the SDK's `auth`. Those of `oauth2` belong to login and its client secret. */
export const authMethods = {
  identities: {
    get: { takes: 'id' },
    getAll: { takes: 'query', lists: 'identities' },
    consents: { getAll: { takes: 'id', lists: 'consents' } },
  },
} as const

/** Methods of the SDK's `search`. A search ends at its 10,000th result, whatever there is. */
export const searchMethods = {
  query: {
    get: { takes: 'id query', lists: 'gmeta', paging: { by: 'offset', pageSize: 100, cap: 10_000 } },
    post: {
      takes: 'id payload',
      lists: 'gmeta',
      paging: { by: 'offset', pageSize: 100, cap: 10_000, in: 'payload' },
      idempotent: true,
    },
  },
  subject: { get: { takes: 'id query' } },
  entry: { get: { takes: 'id query' } },
  index: {
    get: { takes: 'id' },
    getAll: { takes: 'nothing', lists: 'index_list' },
    create: { takes: 'payload' },
    remove: { takes: 'id' },
    reopen: { takes: 'id', idempotent: true },
    ingest: { takes: 'id payload' },
    roles: {
      getAll: { takes: 'id', lists: 'role_list' },
      create: { takes: 'id payload' },
      remove: { takes: 'ids' },
    },
  },
} as const

/** Methods of the SDK's `flows`. Running a flow needs a token of the flow itself. */
export const flowsMethods = {
  flows: {
    getAll: { takes: 'query', lists: 'flows', paging: { by: 'cursor', from: 'marker', to: 'marker' } },
    get: { takes: 'id' },
    create: { takes: 'payload' },
    update: { takes: 'id payload' },
    remove: { takes: 'id' },
    validate: { takes: 'payload', idempotent: true },
    run: { takes: 'id payload', tokenOf: 'id' },
  },
  runs: {
    getAll: { takes: 'query', lists: 'runs', paging: { by: 'cursor', from: 'marker', to: 'marker' } },
    get: { takes: 'id query' },
    getLog: { takes: 'id query', lists: 'entries', paging: { by: 'cursor', from: 'marker', to: 'marker' } },
    getDefinition: { takes: 'id' },
    cancel: { takes: 'id', idempotent: true },
    update: { takes: 'id payload' },
    remove: { takes: 'id', idempotent: true },
  },
} as const

/** Methods of the SDK's `timers`. */
export const timersMethods = {
  jobs: {
    getAll: { takes: 'query', lists: 'jobs' },
    get: { takes: 'id query' },
    patch: { takes: 'id payload' },
    pause: { takes: 'id', idempotent: true },
    resume: { takes: 'id query', idempotent: true },
    remove: { takes: 'id' },
  },
  timer: { create: { takes: 'payload' } },
} as const
