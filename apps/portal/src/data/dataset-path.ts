import type { DatasetConfig } from '../config/types.ts'

/**
 * A folder below the folder of a dataset, as an address names it: empty, or ending with a slash. Undefined when it is none,
 * or would lead out of the dataset.
 */
export function folderWithin(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return ''
  const folder = text.endsWith('/') ? text : `${text}/`
  const segments = folder.slice(0, -1).split('/')
  const isFine = segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  // oxlint-disable-next-line no-control-regex
  return isFine && text.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(text) && text.length < 4096 ? folder : undefined
}

export function pathIn(dataset: Pick<DatasetConfig, 'path'>, folder: string): string {
  return `${dataset.path}${folder}`
}

/** The address of a file on the server of a collection that everybody may read; undefined where there is no such address. */
export function publicFileUrl(server: string | null, path: string): string | undefined {
  const url = URL.parse(server ?? '')
  const segments = path.split('/').slice(1)
  const isPlain = segments.every((segment) => segment.isWellFormed() && segment !== '.' && segment !== '..')
  if (url === null || !/^https?:$/.test(url.protocol) || !isPlain) return undefined
  url.pathname = `/${segments.map(encodeURIComponent).join('/')}`
  url.search = '?download'
  return url.href
}
