import { defaultOrder, type Order } from '../client/entry-order.ts'
import { parseFolder, type FolderPath } from './path.ts'

/** One pane of the files page, as its address says. */
export interface Pane {
  readonly id: string
  /** Undefined: where the collection opens. */
  readonly path: FolderPath | undefined
  readonly order: Order
  readonly filter: string
  readonly hidden: boolean
  /** Counted from 1. */
  readonly page: number
  /** The person wants to log in with another identity, which this collection asks for. */
  readonly proceed: boolean
}

/** A choice of collections, by the words that are looked for. */
export interface Choosing {
  readonly choose: string
}

/** What the right side shows: nothing, a choice of collections, or a folder. */
export type Other = undefined | Choosing | Pane

/** The whole state of the files page. It is all in the address: whoever has that sees the same. */
export interface Place {
  readonly left: Pane
  readonly right: Other
  /** Stands in place of the left folder while another collection is chosen for it. */
  readonly instead?: Choosing | undefined
}

export type Side = 'left' | 'right'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

export function isUuid(text: string | undefined): text is string {
  return text !== undefined && uuid.test(text)
}

/** Names of a pane's fields in the query. Those of the right side begin with `other`. */
function fieldName(side: Side, name: string): string {
  return side === 'left' ? name : `other${name.slice(0, 1).toUpperCase()}${name.slice(1)}`
}

/** Reads the address of the files page. Undefined: it names no collection. */
export function readPlace(id: string, query: URLSearchParams): Place | undefined {
  if (!isUuid(id)) return undefined
  const other = query.get('other') ?? undefined
  const right = isUuid(other)
    ? readPane(other, query, 'right')
    : other === 'choose'
      ? { choose: query.get('find') ?? '' }
      : undefined
  const instead = query.get('left') === 'choose' ? { choose: query.get('leftFind') ?? '' } : undefined
  return { left: readPane(id, query, 'left'), right, instead }
}

function readPane(id: string, query: URLSearchParams, side: Side): Pane {
  const get = (name: string): string | undefined => query.get(fieldName(side, name)) ?? undefined
  const by = get('sort')
  return {
    id,
    path: parseFolder(get('path')),
    order: {
      by: by === 'size' || by === 'modified' ? by : 'name',
      direction: get('order') === 'desc' ? 'desc' : 'asc',
    },
    filter: (get('filter') ?? '').slice(0, 200),
    hidden: get('hidden') === '1',
    proceed: get('proceed') === '1',
    page: Math.min(Math.max(1, Math.trunc(Number(get('page'))) || 1), 1000),
  }
}

/** A pane that shows another folder, or another collection, from its beginning. */
export function openFolder(pane: Pane, path: FolderPath | undefined, id: string = pane.id): Pane {
  return { ...pane, id, path, filter: '', page: 1, proceed: false }
}

export function emptyPane(id: string, path?: FolderPath): Pane {
  return { id, path, order: defaultOrder, filter: '', hidden: false, page: 1, proceed: false }
}

export function isPane(other: Other): other is Pane {
  return other !== undefined && 'id' in other
}

/** The place with one pane changed. */
export function withPane({ instead, left, right }: Place, side: Side, pane: Pane): Place {
  return side === 'left' ? { left: pane, right } : { left, right: pane, instead }
}

/** The place with a choice of collections on one side; the other side stays as it is. */
export function withChoice({ instead, left, right }: Place, side: Side): Place {
  return side === 'left' ? { left, right, instead: { choose: '' } } : { left, right: { choose: '' }, instead }
}

/** The address of a place. `last` is the field that comes last, for addresses that are completed with a path. */
export function placeUrl({ instead, left, right }: Place, last?: Side): string {
  const query = new URLSearchParams()
  const paths: [name: string, value: string][] = []
  const add = (side: Side, pane: Pane): void => {
    if (pane.path !== undefined && side !== last) paths.push([fieldName(side, 'path'), pane.path])
    if (pane.order.by !== 'name') query.set(fieldName(side, 'sort'), pane.order.by)
    if (pane.order.direction === 'desc') query.set(fieldName(side, 'order'), 'desc')
    if (pane.hidden) query.set(fieldName(side, 'hidden'), '1')
    if (pane.filter !== '') query.set(fieldName(side, 'filter'), pane.filter)
    if (pane.proceed) query.set(fieldName(side, 'proceed'), '1')
    if (pane.page > 1) query.set(fieldName(side, 'page'), String(pane.page))
  }
  add('left', left)
  if (isPane(right)) {
    query.set('other', right.id)
    add('right', right)
  } else if (right !== undefined) {
    query.set('other', 'choose')
    if (right.choose !== '') query.set('find', right.choose)
  }
  if (instead !== undefined) query.set('left', 'choose')
  if (instead !== undefined && instead.choose !== '') query.set('leftFind', instead.choose)
  for (const [name, value] of paths) query.set(name, value)
  const text = query.toString()
  const open = last === undefined ? '' : `${text === '' ? '' : '&'}${fieldName(last, 'path')}=`
  return `/collections/${left.id}/files${text === '' && open === '' ? '' : '?'}${text}${open}`
}
