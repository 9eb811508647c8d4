import type { GlobusServiceError } from 'pierhead'
import { texts } from '../texts.ts'

/** Why something with files did not work, in words for the person. */
export interface FileFailure {
  /** HTTP status for a page about it. */
  readonly status: 400 | 403 | 404 | 409 | 416 | 502 | 503 | 507
  /** Stable. */
  readonly code: string
  readonly title: string
  readonly advice: string
  /** The service's own words; undefined where ours say it all. A stranger's text. */
  readonly detail: string | undefined
}

/** What is looked for: the same 404 means another thing for each. */
export type Wanted = 'folder' | 'file'

/** By the end of Transfer's code, the first that fits. */
const endings: readonly (readonly [pattern: RegExp, code: string, status: FileFailure['status']])[] = [
  [/^Endpoint(NotFound|Deleted)$/, 'no-collection', 404],
  [/PermissionDenied$/, 'denied', 403],
  [/NotDirectory$/, 'not-a-folder', 409],
  [/(GCDisconnected|ConnectFailed|GCPaused)$/, 'offline', 502],
  [/SizeLimit$/, 'too-many', 502],
  [/^OperationPaused$/, 'paused', 503],
  [/^NotSupported$/, 'unsupported', 502],
  [/Exists$/, 'exists', 409],
  [/(NoSpaceLeft|QuotaExceeded)$/i, 'full', 507],
]

/** The failure that an answer of Transfer or of a file server stands for. */
export function fileFailure(error: GlobusServiceError, wanted: Wanted): FileFailure {
  const { code, serviceCode, status } = error
  const known = endings.find(([pattern]) => pattern.test(serviceCode))
  if (known !== undefined) return failure(known[1], known[2], detailOf(error))
  if (code === 'globus_service_unreachable' || code === 'globus_service_timeout' || status === 503)
    return failure('unreachable', 503)
  if (code === 'collection_refused') return failure('no-https', 409)
  if (status === 404) return failure(wanted === 'folder' ? 'no-folder' : 'no-file', 404)
  if (status === 403) return failure('denied', 403, detailOf(error))
  if (status === 507) return failure('full', 507)
  if (status === 416) return failure('other', 416)
  return failure('other', 502, detailOf(error))
}

export function failure(code: string, status: FileFailure['status'], detail?: string): FileFailure {
  const { title, advice } = texts.fileFailures[code] ?? { title: code, advice: '' }
  return { status, code: code.replaceAll('-', '_'), title, advice, detail }
}

/** One line of what the service said: storage servers send whole protocols. */
function detailOf({ serviceMessage }: GlobusServiceError): string | undefined {
  const line = serviceMessage.split('\n', 1)[0]?.trim() ?? ''
  return line === '' ? undefined : line
}
