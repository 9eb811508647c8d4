import type { Entry } from './entry.ts'

/** The entry that a row shows. */
export function entryOfRow(row: HTMLTableRowElement): Entry {
  const box = row.querySelector<HTMLInputElement>('input[name="name"]')
  const number = (column: string): number =>
    Number(row.querySelector<HTMLElement>(`td.${column}`)?.dataset['value'] ?? 'none')
  const modified = number('modified')
  const kind = row.classList.contains('folder') ? 'folder' : row.classList.contains('file') ? 'file' : 'other'
  return {
    name: decodeURIComponent(box?.value ?? ''),
    kind,
    size: number('size'),
    modified: Number.isNaN(modified) ? undefined : modified,
  }
}
