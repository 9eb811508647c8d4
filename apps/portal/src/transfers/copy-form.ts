import { decodeName } from '../files/folder-action.ts'
import { parseFolder, type FolderPath } from '../files/path.ts'
import { isUuid } from '../files/place.ts'

/** What somebody wants to copy. Its destination may not be chosen yet. */
export interface CopyRequest {
  readonly source: string
  readonly sourcePath: FolderPath
  /** Files and folders in that folder. */
  readonly names: readonly string[]
  readonly destination: string | undefined
  readonly destinationPath: FolderPath | undefined
}

/**
 * Reads the form that panes and file pages send to `/transfers/new`. Its fields:
 * - `source`, `destination`: ids of collections; the second may be absent
 * - `source_path`, `destination_path`: folders, percent-encoded as `encodeName` does, because browsers change line ends
 * - `name`: once for each file or folder, encoded likewise
 *
 * Undefined: it names no source.
 */
export function readCopyForm(form: URLSearchParams): CopyRequest | undefined {
  const source = form.get('source') ?? undefined
  const sourcePath = parseFolder(decodeName(form.get('source_path')))
  if (!isUuid(source) || sourcePath === undefined) return undefined
  const destination = form.get('destination') ?? undefined
  const names = form.getAll('name').flatMap((name) => decodeName(name) ?? [])
  return {
    source,
    sourcePath,
    names: names.filter((name) => name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name)),
    destination: isUuid(destination) ? destination : undefined,
    destinationPath: parseFolder(decodeName(form.get('destination_path'))),
  }
}
