import { recordOf, type Answered, type RequestRecord } from './record.ts'

/** How many requests are kept. */
export const MAXIMUM_RECORDS = 1_000

/** The last requests, for the inspector. Kept in memory only. */
export interface Recorder {
  add(request: Request, answered: Answered): Promise<void>
  /** The newest first. */
  list(): readonly RequestRecord[]
  find(id: string): RequestRecord | undefined
  /** The request that began the login to which a record belongs, if it is still kept. */
  beginningOf(record: RequestRecord): RequestRecord | undefined
  clear(): void
}

export function createRecorder(): Recorder {
  // A map keeps the order of insertion, so that its first key is the oldest record.
  const records = new Map<string, RequestRecord>()
  const newest = (): readonly RequestRecord[] => Array.from(records.values()).toReversed()
  return {
    add: async (request, answered) => {
      if (isOwn(answered.path)) return
      records.set(answered.id, await recordOf(request, answered))
      for (const id of records.keys()) {
        if (records.size <= MAXIMUM_RECORDS) break
        records.delete(id)
      }
    },
    list: newest,
    find: (id) => records.get(id),
    beginningOf: ({ attempt }) =>
      attempt === undefined
        ? undefined
        : newest().find((record) => record.attempt === attempt && record.path === '/v2/oauth2/authorize'),
    clear: () => records.clear(),
  }
}

/** Looking at the inspector must not push what one looks for out of it. */
const isOwn = (path: string): boolean =>
  /^\/inspector(?:$|[./])/.test(path) || path === '/p/style.css' || path === '/favicon.ico'
