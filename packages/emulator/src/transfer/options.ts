import * as z from 'zod'

/**
 * How Transfer behaves where nobody outside Globus knows (numbers in brackets: section of the notes on the Transfer API), or where a test
 * wants it otherwise. Durations are in milliseconds.
 */
export interface TransferBehaviour {
  /** Status of an accepted `POST /transfer` or `/delete`: one client takes 200 and 201 only, recollection says 202. */
  submissionStatus: 200 | 202
  /** Status of a rename; test data of the SDK say 200. */
  renameStatus: 200 | 202
  /** Status of a created bookmark. */
  bookmarkCreateStatus: 200 | 201
  /** Status of a created role. */
  roleCreateStatus: 200 | 201
  /** Code of a 401: captures have the short form, globus-cli looks for the long one. */
  authenticationFailedCode: 'AuthenticationFailed' | 'ClientError.AuthenticationFailed'
  /** Code for a task that does not exist or is somebody else's. */
  unknownTaskCode: 'TaskNotFound' | 'ClientError.NotFound'
  /** Code for an access rule or a role that does not exist. */
  unknownRuleCode: 'AccessRuleNotFound' | 'ClientError.NotFound'
  /** Status of GET on a private endpoint without rights. */
  privateEndpointStatus: 403 | 404
  /** Whether errors carry the header `X-Transfer-API-Error`, which the client of 2016 read. */
  errorHeader: boolean
  /** Whether a 429 carries `Retry-After`. */
  retryAfter: boolean
  /** Items in a page when `limit` is left out. */
  defaultSearchLimit: number
  defaultTaskLimit: number
  defaultEventLimit: number
  /** Items in a page of successful transfers or skipped errors. */
  markerPageSize: number
  /** Whether `filter` given twice means either (as globus-cli's recursive listing implies) or both. */
  repeatedFilter: 'or' | 'and'
  /** What an unknown key in a filter does. */
  unknownFilterKey: 'refuse' | 'ignore'
  /** What `successful_transfers` of a task that still runs or deletes answers. */
  unfinishedSuccesses: 'refuse' | 'list'
  /** What a different document under a used submission id is answered with. */
  reusedSubmission: 'Conflict' | 'Duplicate'
  /** Status of `OperationPaused`, `NotSupported` and `Conflict`. */
  stateConflictStatus: 403 | 409
  /** What storage says about a person whose login does not suffice: 502 `…LoginFailed`, or 403 `PermissionDenied`. */
  stepUpAnswer: 'LoginFailed' | 'PermissionDenied'
  /** What a rule for a place that has one is answered with. */
  duplicateAccessRule: 'Exists' | 'accept'
  /** Whether `filter_scope=hide-no-permissions`, known to one SDK only, is accepted. */
  hideNoPermissions: boolean
  /** What changing or removing a task at the wrong time is answered with. */
  lateTaskChange: 'Conflict' | 'BadRequest'
  /** Whether a missing source is tried again until the deadline, or ends the task at once. */
  missingSource: 'retry' | 'fail'
  /** `fatal_error` of a task that was cancelled. */
  cancelledFatalError: 'null' | 'CANCELED'
  /** Whether a person who may only see a folder below can list the folders on the way to it. */
  listOnTheWay: boolean
  /** What a file answers without a token: a redirect to login, by which one SDK finds the collection's id (14), or 401. */
  fileWithoutToken: 'redirect' | 'unauthorized'
  /** Whether files of mapped collections want the consent `data_access` beside `https` (14). */
  dataAccessForFiles: boolean
  /** How fast tasks run, see `paces`. */
  pace: 'real' | 'demo' | 'instant'
}

/** Checks a whole set of options; `.partial()` checks changes. */
export const transferBehaviour: z.ZodObject<{ [Name in keyof TransferBehaviour]: z.ZodType<TransferBehaviour[Name]> }> =
  z.strictObject({
    submissionStatus: z.union([z.literal(200), z.literal(202)]),
    renameStatus: z.union([z.literal(200), z.literal(202)]),
    bookmarkCreateStatus: z.union([z.literal(200), z.literal(201)]),
    roleCreateStatus: z.union([z.literal(200), z.literal(201)]),
    authenticationFailedCode: z.enum(['AuthenticationFailed', 'ClientError.AuthenticationFailed']),
    unknownTaskCode: z.enum(['TaskNotFound', 'ClientError.NotFound']),
    unknownRuleCode: z.enum(['AccessRuleNotFound', 'ClientError.NotFound']),
    privateEndpointStatus: z.union([z.literal(403), z.literal(404)]),
    errorHeader: z.boolean(),
    retryAfter: z.boolean(),
    defaultSearchLimit: z.int().min(1).max(100),
    defaultTaskLimit: z.int().min(1).max(1000),
    defaultEventLimit: z.int().min(1).max(1000),
    markerPageSize: z.int().min(1).max(10_000),
    repeatedFilter: z.enum(['or', 'and']),
    unknownFilterKey: z.enum(['refuse', 'ignore']),
    unfinishedSuccesses: z.enum(['refuse', 'list']),
    reusedSubmission: z.enum(['Conflict', 'Duplicate']),
    stateConflictStatus: z.union([z.literal(403), z.literal(409)]),
    stepUpAnswer: z.enum(['LoginFailed', 'PermissionDenied']),
    duplicateAccessRule: z.enum(['Exists', 'accept']),
    hideNoPermissions: z.boolean(),
    lateTaskChange: z.enum(['Conflict', 'BadRequest']),
    missingSource: z.enum(['retry', 'fail']),
    cancelledFatalError: z.enum(['null', 'CANCELED']),
    listOnTheWay: z.boolean(),
    fileWithoutToken: z.enum(['redirect', 'unauthorized']),
    dataAccessForFiles: z.boolean(),
    pace: z.enum(['real', 'demo', 'instant']),
  })

export const defaultTransferBehaviour: Readonly<TransferBehaviour> = {
  submissionStatus: 202,
  renameStatus: 200,
  bookmarkCreateStatus: 201,
  roleCreateStatus: 201,
  authenticationFailedCode: 'AuthenticationFailed',
  unknownTaskCode: 'TaskNotFound',
  unknownRuleCode: 'AccessRuleNotFound',
  privateEndpointStatus: 403,
  errorHeader: true,
  retryAfter: true,
  defaultSearchLimit: 100,
  defaultTaskLimit: 10,
  defaultEventLimit: 10,
  markerPageSize: 100,
  repeatedFilter: 'or',
  unknownFilterKey: 'refuse',
  unfinishedSuccesses: 'refuse',
  reusedSubmission: 'Conflict',
  stateConflictStatus: 409,
  stepUpAnswer: 'LoginFailed',
  duplicateAccessRule: 'Exists',
  hideNoPermissions: true,
  lateTaskChange: 'Conflict',
  missingSource: 'retry',
  cancelledFatalError: 'null',
  listOnTheWay: true,
  fileWithoutToken: 'redirect',
  dataAccessForFiles: true,
  pace: 'instant',
}

export interface Pace {
  /** How long an accepted task waits before it starts. */
  readonly queueDelay: number
  /** The most that one task moves, beside the limit of its destination; null is no limit. */
  readonly bytesPerSecond: number | null
  /** How long a fault waits before it is tried again; doubled up to sixteen times. */
  readonly retryDelay: number
  /** How often a running task reports progress. */
  readonly progressEvery: number
  /** Whether a collection's own speed counts. */
  readonly slowCollections: boolean
  /** Requests in ten seconds and per person; null is no limit. */
  readonly requestsPerTenSeconds: number | null
}

export const paces: Readonly<Record<TransferBehaviour['pace'], Pace>> = {
  real: {
    queueDelay: 5_000,
    bytesPerSecond: 100_000_000,
    retryDelay: 30_000,
    progressEvery: 60_000,
    slowCollections: true,
    requestsPerTenSeconds: 200,
  },
  demo: {
    queueDelay: 1_000,
    bytesPerSecond: 50_000_000,
    retryDelay: 5_000,
    progressEvery: 5_000,
    slowCollections: true,
    requestsPerTenSeconds: 200,
  },
  instant: {
    queueDelay: 0,
    bytesPerSecond: null,
    retryDelay: 50,
    progressEvery: 1_000,
    slowCollections: false,
    requestsPerTenSeconds: null,
  },
}

/** How many tasks of one kind a person may have running, and waiting or running in all. */
export const RUNNING_TASKS = 3
export const UNFINISHED_TASKS = 100
