import { PathError } from '../../collections/virtual-path.ts'
import { codeOf } from '../file-failure.ts'

/** Why a subtask did not work out, in the words of task events. */
export interface Failure {
  readonly code: string
  readonly side: 'source' | 'destination'
  readonly path: string
  readonly message: string
}

/** A failure that is no error of the file system. */
export class CopyFailure extends Error {
  override readonly name = 'CopyFailure'
  readonly code: string
  readonly side: Failure['side']

  constructor(code: string, message: string, side: Failure['side'] = 'source') {
    super(message)
    this.code = code
    this.side = side
  }
}

/** An error of the file system that was met at the destination: a code alone does not tell. */
export class DestinationError extends Error {
  override readonly name = 'DestinationError'

  constructor(cause: unknown) {
    super('The destination failed', { cause })
  }
}

/** Does work at the destination. @throws DestinationError for what it throws */
export function atDestination<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw error instanceof CopyFailure ? error : new DestinationError(error)
  }
}

const codes: Readonly<Record<string, string>> = {
  ENOENT: 'FILE_NOT_FOUND',
  EACCES: 'PERMISSION_DENIED',
  EPERM: 'PERMISSION_DENIED',
  EROFS: 'PERMISSION_DENIED',
  ENOSPC: 'NO_SPACE_LEFT',
  EDQUOT: 'QUOTA_EXCEEDED',
  EISDIR: 'IS_A_DIRECTORY',
  ENOTDIR: 'NOT_A_DIRECTORY',
  ENAMETOOLONG: 'INVALID_PATH_NAME',
  EILSEQ: 'INVALID_PATH_NAME',
  EINVAL: 'INVALID_PATH_NAME',
  ELOOP: 'INVALID_SYMLINK',
  EMFILE: 'ENDPOINT_TOO_BUSY',
  ENFILE: 'ENDPOINT_TOO_BUSY',
  EFBIG: 'LIMIT_EXCEEDED',
  EIO: 'ENDPOINT_ERROR',
}

/** Turns what was thrown into a failure. */
export function toFailure(error: unknown, side: Failure['side'], path: string): Failure {
  if (error instanceof CopyFailure) return { code: error.code, side: error.side, path, message: error.message }
  if (error instanceof PathError) {
    const code = error.reason === 'outside' ? 'PERMISSION_DENIED' : 'INVALID_PATH_NAME'
    return { code, side, path, message: error.message }
  }
  const code = codeOf(error)
  // The message of a file system error holds a path of this machine.
  return {
    code: (code === undefined ? undefined : codes[code]) ?? 'ENDPOINT_ERROR',
    side,
    path,
    message: code ?? 'unknown',
  }
}

/** What the code means, as events describe it. */
export const describeCode = (code: string): string => code.toLowerCase().replaceAll('_', ' ')

/** Codes that `skip_source_errors` skips. */
export const skippable: ReadonlySet<string> = new Set(['PERMISSION_DENIED', 'FILE_NOT_FOUND', 'AMBIGUOUS_PATH'])

/** Codes that no further try can mend. The real list is not known. */
export const fatal: ReadonlySet<string> = new Set([
  'IS_A_DIRECTORY',
  'NOT_A_DIRECTORY',
  'IS_A_FILE',
  'NOT_A_FILE',
  'NOT_A_SYMLINK',
  'INVALID_PATH_NAME',
  'INVALID_SYMLINK',
  'EXTERNAL_CHECKSUM_MISMATCH',
  'LIMIT_EXCEEDED',
])
