import { previewKind, type PreviewKind } from '../files/media-type.ts'
import { indented } from './indented.ts'
import { seriesOf, type Series } from './series.ts'
import { decodeText, type FileStart } from './read-start.ts'
import { parseTable, type Table } from './table.ts'
import { withinTime } from './within-time.ts'

/** What is shown of a file. */
export type Preview =
  | { readonly kind: 'picture' }
  | { readonly kind: 'text' | 'json' | 'markdown'; readonly text: string }
  | { readonly kind: 'table'; readonly table: Table; readonly series: readonly Series[] }
  | { readonly kind: 'empty' | 'none' }

/** Most bytes that are read for a preview. */
export const mostPreviewBytes = 1024 * 1024

/** Milliseconds in which a file is made into what its name promises: a second is a hundred times what usual files need. */
const patience = 1000

/** Whether anything of the file must be read before it can be shown. */
export function needsBytes(name: string): boolean {
  return !['picture', 'none'].includes(previewKind(name))
}

/** Makes of the beginning of a file what its name promises, or text, or nothing. */
export function makePreview(name: string, start: FileStart): Preview {
  if (start.size === 0) return { kind: 'empty' }
  const text = decodeText(start)
  if (text === undefined) return { kind: 'none' }
  return withinTime(() => read(previewKind(name), text, start.isCut), patience) ?? { kind: 'text', text }
}

function read(kind: PreviewKind, text: string, isCut: boolean): Preview {
  if (kind === 'markdown') return { kind, text }
  if (kind === 'json' && !isCut) return { kind: 'json', text: indented(text) }
  if (kind === 'table') {
    const table = parseTable(text, { isCut })
    if (table !== undefined) return { kind, table, series: seriesOf(table) }
  }
  return { kind: 'text', text }
}
