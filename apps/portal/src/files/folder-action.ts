import type { Context } from 'hono'
import type { LoginSession } from 'pierhead'
import { requireSession } from 'pierhead/hono'
import { readForm } from '../form.ts'
import { parseFolder, parseName, type FolderPath } from './path.ts'
import { isPane, placeUrl, readPlace, type Place, type Side } from './place.ts'

/** A form that somebody sent from one pane of the files page. */
export interface FolderAction {
  readonly session: LoginSession
  readonly form: URLSearchParams
  readonly place: Place
  readonly side: Side
  readonly collectionId: string
  /** The folder that the pane showed. */
  readonly path: FolderPath
  /** What was chosen in it. */
  readonly names: readonly string[]
}

/** Reads what was done where. Undefined: it is no form of ours. */
export async function readFolderAction(c: Context): Promise<FolderAction | undefined> {
  const session = requireSession(c)
  const query = new URL(c.req.url).searchParams
  const place = readPlace(c.req.param('id') ?? '', query)
  const form = await readForm(c)
  const side = query.get('side') === 'right' ? 'right' : 'left'
  const pane = side === 'left' ? place?.left : place?.right
  const path = parseFolder(decodeName(form.get('path')))
  if (place === undefined || path === undefined || !isPane(pane)) return undefined
  const names = form.getAll('name').flatMap((name) => parseChosen(name) ?? [])
  return { session, form, place, side, collectionId: pane.id, path, names }
}

/** The address of the page that the form came from, with words about what was done. */
export function backUrl(place: Place, done?: { readonly words: string; readonly task?: string }): string {
  const url = placeUrl(place)
  if (done === undefined) return url
  const query = new URLSearchParams({ done: done.words, ...(done.task === undefined ? {} : { task: done.task }) })
  return `${url}${url.includes('?') ? '&' : '?'}${query}`
}

/** A name or path as forms hold it: see `encodeName`. Undefined: somebody else wrote it. */
export function decodeName(text: string | null): string | undefined {
  try {
    return text === null ? undefined : decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** A name that exists may hold more than one that is given: a line break, for one. */
function parseChosen(text: string): string | undefined {
  const name = decodeName(text)
  if (name === undefined || name.includes('/') || name.includes('\0')) return undefined
  return parseName(name.replaceAll(/[\r\n]/g, '_')) === undefined && name.length <= 255 ? undefined : name
}
