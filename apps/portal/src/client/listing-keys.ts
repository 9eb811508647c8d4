import type { Listing } from './listing.ts'
import type { VirtualRows } from './virtual-rows.ts'

/** Arrow keys, Space, Shift and Backspace, as file managers have them; and a click with Shift chooses a range. */
export function addKeys(listing: Listing, rows: VirtualRows): void {
  const cursor = new Cursor(listing, rows)
  const { scroller } = listing
  scroller.tabIndex = -1
  scroller.addEventListener('focusin', ({ target }) => cursor.follow(rowOf(target)))
  scroller.addEventListener('keydown', (event) => press(event, cursor, listing))
  scroller.addEventListener('click', (event) => {
    if (event.target instanceof HTMLInputElement) cursor.pick(rowOf(event.target), event.shiftKey)
  })
}

function press(event: KeyboardEvent, cursor: Cursor, listing: Listing): void {
  if (event.altKey) return
  const isCommand = event.ctrlKey || event.metaKey
  const isAll = isCommand && event.key.toLowerCase() === 'a'
  const act = isAll ? () => listing.chooseAll(true) : isCommand ? undefined : actionOf(event, cursor, listing)
  if (act === undefined) return
  event.preventDefault()
  act()
}

function actionOf(
  { key, shiftKey, target }: KeyboardEvent,
  cursor: Cursor,
  listing: Listing,
): (() => void) | undefined {
  const { pane } = listing
  const click = (selector: string) => (): void => pane.querySelector<HTMLElement>(selector)?.click()
  const step = cursor.step(key)
  if (step !== undefined) return () => cursor.go(step, shiftKey)
  // A checkbox and the link of a column have their own Space.
  const isOwn = target instanceof HTMLElement && (target.tagName === 'INPUT' || target.closest('th') !== null)
  if (key === ' ') return isOwn ? undefined : () => cursor.toggle()
  if (key === 'Backspace') return click('.crumbs .up')
  if (key === 'Escape') return () => listing.selection.replace([])
  if (key === 'Delete') return click('.selection .danger:enabled')
  if (key === 'F2') return click('.selection [data-needs="one"]:enabled')
  if (key === '/') return () => pane.querySelector<HTMLElement>('.filter input[type="search"]')?.focus()
  return undefined
}

function rowOf(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest('tbody tr') : null
}

/** Where the keys are in a listing, and where a range began. */
class Cursor {
  readonly #listing: Listing
  readonly #rows: VirtualRows
  #current = -1
  #anchor = -1

  constructor(listing: Listing, rows: VirtualRows) {
    this.#listing = listing
    this.#rows = rows
  }

  /** The row that a key leads to; undefined for other keys. */
  step(key: string): number | undefined {
    const { scroller, shown } = this.#listing
    const page = Math.max(1, Math.floor(scroller.clientHeight / 40) - 1)
    const moves: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }
    if (Object.hasOwn(moves, key)) return this.#current + (moves[key] ?? 0)
    return key === 'Home' ? 0 : key === 'End' ? shown.length - 1 : undefined
  }

  go(to: number, isRange: boolean): void {
    const index = Math.max(0, Math.min(to, this.#listing.shown.length - 1))
    const row = this.#rows.reveal(index)
    if (row === undefined) return
    if (isRange) this.#choose(index)
    else this.#anchor = index
    const target = row.querySelector<HTMLElement>('td.name a') ?? row.querySelector('input')
    target?.focus()
    row.scrollIntoView({ block: 'nearest' })
    this.#current = index
  }

  toggle(): void {
    const { selection, shown } = this.#listing
    const entry = shown[this.#current]
    if (entry !== undefined) selection.set([entry.name], !selection.has(entry.name))
  }

  /** The focus went to a row by other ways. */
  follow(row: Element | null): void {
    const index = row === null ? -1 : this.#rows.indexOf(row)
    if (index < 0) return
    this.#current = index
    if (this.#anchor < 0) this.#anchor = index
  }

  /** A checkbox was clicked. */
  pick(row: Element | null, isRange: boolean): void {
    const index = row === null ? -1 : this.#rows.indexOf(row)
    if (index < 0) return
    if (isRange && this.#anchor >= 0) this.#choose(index)
    else this.#anchor = index
    this.#current = index
  }

  #choose(to: number): void {
    const from = this.#anchor < 0 ? Math.max(0, this.#current) : this.#anchor
    this.#anchor = from
    const range = this.#listing.shown.slice(Math.min(from, to), Math.max(from, to) + 1)
    this.#listing.selection.replace(range.map(({ name }) => name))
  }
}
