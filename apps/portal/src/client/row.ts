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

/** A name that is the same in markup, in an address and to the eye, as most names are. */
const plainName = /^[\w.-]+$/

/**
 * Writes the rows of one folder, the same from the server and in the browser. A template engine would cost ten times as much,
 * and a folder has thousands.
 */
export function rowWriter(options: RowOptions): (entry: Entry) => string {
  const path = encodeName(options.path)
  const folderStart = escapeHtml(options.folderPrefix + path)
  const fileStart = escapeHtml(options.filePrefix + path)
  const word = `<span class="for">${escapeHtml(options.folderWord)} </span>`
  const select = escapeHtml(options.select)
  return ({ kind, modified, name, size }) => {
    const isPlain = plainName.test(name)
    const shown = isPlain ? name : escapeHtml(visible(name))
    const value = isPlain ? name : encodeName(name)
    const isFolder = kind === 'folder'
    const title = name.length > longName ? ` title="${shown}"` : ''
    const href = isFolder ? `${folderStart}${value}%2F` : fileStart + value
    const text = `<span class="text">${shown}</span>`
    const label = kind === 'other' ? text : `<a href="${href}"${title}>${isFolder ? word : ''}${text}</a>`
    const time = modified === undefined ? '>' : ` data-value="${modified}">${minute(modified)}`
    // A cell and a row end where the next begins.
    return (
      `<tr role="row" class="${kind}"><td role="cell" class="pick"><input type="checkbox" name="name" value="${value}" ` +
      `aria-label="${select} ${shown}"><td role="cell" class="name">${label}` +
      `<td role="cell" class="size" data-value="${size}">${isFolder ? '' : bytes(size)}` +
      `<td role="cell" class="modified"${time}`
    )
  }
}
