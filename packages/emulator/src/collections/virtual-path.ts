/** A path inside a collection, as its components; never with `.`, `..`, empty or over-long ones. */
export type VirtualPath = readonly string[]

/** Why a path is refused. */
export class PathError extends Error {
  override readonly name = 'PathError'
  /** `outside`: it leads out of the collection. `invalid`: no file can be called that. */
  readonly reason: 'outside' | 'invalid'

  constructor(reason: 'outside' | 'invalid', message: string) {
    super(message)
    this.reason = reason
  }
}

const MAXIMUM_BYTES = 4096
const MAXIMUM_NAME_BYTES = 255

/**
 * Reads a path of the API: absolute, or relative to the home directory by `/~/` or `~/`, which is the collection's root here.
 *
 * @throws PathError for what leads outside, and for names that no file can have
 */
export function parsePath(text: string): VirtualPath {
  if (Buffer.byteLength(text) > MAXIMUM_BYTES) throw new PathError('invalid', `The path is over ${MAXIMUM_BYTES} bytes`)
  if (text.includes('\0')) throw new PathError('invalid', 'The path holds a NUL')
  const absolute = text.replace(/^\/?~(?=\/|$)/, '')
  if (absolute !== '' && !absolute.startsWith('/')) throw new PathError('invalid', 'The path must begin with / or ~/')
  const path: string[] = []
  for (const name of absolute.split('/')) {
    if (name === '' || name === '.') continue
    if (name !== '..') path.push(checkName(name))
    else if (path.pop() === undefined) throw new PathError('outside', 'The path leads out of the collection')
  }
  return path
}

/** The path as the API writes it; directories end in a slash. */
export const formatPath = (path: VirtualPath, directory = false): string =>
  path.length === 0 ? '/' : `/${path.join('/')}${directory ? '/' : ''}`

function checkName(name: string): string {
  if (Buffer.byteLength(name) > MAXIMUM_NAME_BYTES)
    throw new PathError('invalid', `A name is over ${MAXIMUM_NAME_BYTES} bytes`)
  return name
}
