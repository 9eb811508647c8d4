import { PathError } from '../collections/virtual-path.ts'
import { endpointPermissionDenied, externalError, TransferError } from './errors.ts'

/** How an operation names what the file system says. */
export interface FailureNames {
  /** `DirListingFailed`, `MkdirFailed` … */
  readonly failure: string
  /** What is answered when there is no such file. */
  readonly missing: () => TransferError
}

/** Does an operation on files and turns errors of the file system into refusals. */
export function withFailures<Value>(names: FailureNames, path: string, work: () => Value): Value {
  try {
    return work()
  } catch (error) {
    throw toRefusal(error, names, path)
  }
}

export function toRefusal(error: unknown, { failure, missing }: FailureNames, path: string): unknown {
  if (error instanceof PathError) return endpointPermissionDenied(`Path not allowed: ${error.message}`)
  const code = codeOf(error)
  if (code === undefined || error instanceof TransferError) return error
  const external = (name: string, message: string): TransferError =>
    externalError(`${failure}.${name}`, `${message}, Error (${failure}): Path '${path}': ${message}`)
  switch (code) {
    case 'ENOENT':
      return missing()
    case 'ENOTDIR':
      return external('NotDirectory', 'Path is not a directory')
    case 'EEXIST':
    case 'ENOTEMPTY':
      return external('Exists', `Path already exists, Path '${path}' already exists`)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return external('PermissionDenied', 'Permission denied')
    case 'ENOSPC':
    case 'EDQUOT':
      return external('NoSpaceLeft', 'No space left')
    default:
      return externalError(failure, `The storage failed (${code})`)
  }
}

/** The code of an error of the file system. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}
