import { bytes, minute } from './amounts.ts'
import type { Entry } from './entry.ts'

/** What the rows of one folder have in common. */
export interface RowOptions {
  /** Address of a subfolder up to its encoded path, which is the rest of the address. */
  readonly folderPrefix: string
  /** Address of a file up to its encoded path. */
  readonly filePrefix: string
  /** Path of the folder, with a slash at its end. */
  readonly path: string
  /** Word before the name that a screen reader reads for the checkbox. */
  readonly select: string
  readonly folderWord: string
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that stays text inside markup. */
export function escapeHtml(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (one) => entities[one] ?? '') : text
}

/** A text of any kind as a value of a form or an address: browsers change line ends in forms, and nothing in this. */
export function encodeName(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

/** What a name looks like: what cannot be seen, or turns the text around, is shown by a sign. */
export function visible(name: string): string {
  // oxlint-disable-next-line no-control-regex
  return name.replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (one) =>
    one === '\n' ? '↵' : '\ufffd',
  )
}

/** Longer names do not fit into a row. */
const longName = 50

/** One row of a listing, the same from the server and in the browser. A template engine would cost ten times as much. */
export function rowHtml({ kind, modified, name, size }: Entry, options: RowOptions): string {
  const isFolder = kind === 'folder'
  const shown = escapeHtml(visible(name))
  const value = encodeName(name)
  const path = encodeName(options.path + name)
  const href = isFolder ? `${options.folderPrefix}${path}%2F` : `${options.filePrefix}${path}`
  const word = isFolder ? `<span class="for">${escapeHtml(options.folderWord)} </span>` : ''
  const title = name.length > longName ? ` title="${shown}"` : ''
  const text = `<span class="text">${shown}</span>`
  const label = kind === 'other' ? text : `<a href="${escapeHtml(href)}"${title}>${word}${text}</a>`
  return (
    `<tr class="${kind}"><td class="pick"><input type="checkbox" name="name" value="${value}" ` +
    `aria-label="${escapeHtml(options.select)} ${shown}"></td><td class="name">${label}</td>` +
    `<td class="size" data-value="${size}">${isFolder ? '' : bytes(size)}</td>` +
    (modified === undefined
      ? '<td class="modified"></td></tr>'
      : `<td class="modified" data-value="${modified}">${minute(modified)}</td></tr>`)
  )
}
