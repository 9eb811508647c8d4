/** Rows in a table body, of which only those in sight are in the document. */
export interface VirtualRows {
  /** Shows so many rows anew. */
  show(count: number): void
  /** Brings a row into sight and gives it. */
  reveal(index: number): HTMLTableRowElement | undefined
  /** The number of a row that is in the document. */
  indexOf(row: Element): number
}

/** Up to here all rows are in the document: browsers find in the page, and nothing jumps. */
const few = 300
/** Rows beyond either edge. */
const margin = 30

/** `make` gives the markup of a row by its number; rows are of one height. */
export function virtualRows(
  body: HTMLTableSectionElement,
  scroller: HTMLElement,
  make: (index: number) => string,
): VirtualRows {
  let count = 0
  let first = 0
  let last = 0
  let height = 40

  const render = (from: number, to: number): void => {
    first = Math.max(0, from)
    last = Math.min(count, to)
    let markup = space(first * height)
    for (let index = first; index < last; index += 1) markup += make(index)
    body.innerHTML = markup + space((count - last) * height)
    for (const [place, row] of rows().entries()) row.setAttribute('aria-rowindex', String(first + place + 2))
    const [row] = rows()
    if (row && row.offsetHeight > 0 && count > few) height = row.offsetHeight
  }
  const rows = (): HTMLTableRowElement[] => [...body.rows].filter((row) => !row.classList.contains('space'))
  const update = (force: boolean): void => {
    if (count <= few) {
      if (force) render(0, count)
      return
    }
    const top = Math.floor(scroller.scrollTop / height)
    const visible = Math.ceil(scroller.clientHeight / height)
    const isCovered = top - first >= Math.min(5, top) && last - (top + visible) >= Math.min(5, count - top - visible)
    if (force || !isCovered) render(top - margin, top + visible + margin)
  }
  scroller.addEventListener('scroll', () => update(false), { passive: true })
  return {
    show(next) {
      count = next
      update(true)
    },
    reveal(index) {
      if (index < 0 || index >= count) return undefined
      if (index < first || index >= last) {
        scroller.scrollTop = Math.max(0, index * height - scroller.clientHeight / 2)
        update(true)
      }
      return rows()[index - first]
    },
    indexOf: (row) => {
      const place = rows().findIndex((one) => one === row)
      return place < 0 ? -1 : first + place
    },
  }
}

function space(height: number): string {
  return height > 0 ? `<tr class="space" aria-hidden="true"><td colspan="4" height="${height}"></td></tr>` : ''
}
