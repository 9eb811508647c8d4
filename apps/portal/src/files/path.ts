/** A folder of a collection as a path: `/`, or `/a/b/`, or `/~/` for where the person is at home. */
export type FolderPath = string

/** One folder on the way to another. */
export interface Crumb {
  readonly name: string
  readonly path: FolderPath
}

const longest = 4096

/**
 * Takes a folder from an address or a form, with a slash at both ends. `.` and `..` are followed here: what a server makes
 * of them is not known. Undefined: it is no path.
 */
export function parseFolder(text: string | undefined): FolderPath | undefined {
  const names = namesOf(text)
  return names === undefined ? undefined : names.length === 0 ? '/' : `/${names.join('/')}/`
}

/** Takes a file from an address or a form. Undefined: it is no path of a file. */
export function parseFile(text: string | undefined): string | undefined {
  const names = namesOf(text)
  return names === undefined || names.length === 0 || text?.endsWith('/') === true ? undefined : `/${names.join('/')}`
}

function namesOf(text: string | undefined): string[] | undefined {
  if (text === undefined || !/^(\/|~\/)/.test(text) || text.length > longest || text.includes('\0')) return undefined
  const names: string[] = []
  for (const name of text.split('/')) {
    if (name === '..') names.pop()
    else if (name !== '' && name !== '.') names.push(name)
  }
  return names
}

/** A name that somebody gives to a file or folder. Undefined: it cannot be one. */
export function parseName(text: string): string | undefined {
  const isName = text !== '' && text !== '.' && text !== '..' && !/[/\0\r\n]/.test(text) && text.length <= 255
  return isName ? text : undefined
}

/** The folder that holds a file or folder; undefined at the top. */
export function parentOf(path: string): FolderPath | undefined {
  const end = path.replace(/\/$/, '').lastIndexOf('/')
  return end < 0 || path === '/' ? undefined : path.slice(0, end + 1)
}

/** The last part of a path. */
export function nameOf(path: string): string {
  const bare = path.replace(/\/$/, '')
  return bare.slice(bare.lastIndexOf('/') + 1)
}

/** The way from the top to a folder, that folder included. */
export function crumbsOf(path: FolderPath): Crumb[] {
  const names = path.split('/').filter((name) => name !== '')
  return names.map((name, index) => ({ name, path: `/${names.slice(0, index + 1).join('/')}/` }))
}
