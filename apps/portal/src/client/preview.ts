/** Sorts the table of a file by the column whose name is pressed. */

const table = document.querySelector<HTMLTableElement>('table.data')
const collator = new Intl.Collator(undefined, { numeric: true })

for (const [index, head] of [...(table?.tHead?.rows[0]?.cells ?? [])].entries()) {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: head.textContent })
  button.addEventListener('click', () => sort(head, index))
  head.replaceChildren(button)
}

function sort(head: HTMLTableCellElement, column: number): void {
  const body = table?.tBodies[0]
  if (!body) return
  const isDown = head.getAttribute('aria-sort') === 'ascending'
  for (const other of head.parentElement?.querySelectorAll('th') ?? []) other.removeAttribute('aria-sort')
  head.setAttribute('aria-sort', isDown ? 'descending' : 'ascending')
  const cells = [...body.rows].map((row) => [row, row.cells[column]?.textContent ?? ''] as const)
  const sign = isDown ? -1 : 1
  body.append(...cells.toSorted((one, other) => sign * compare(one[1], other[1])).map(([row]) => row))
}

/** Numbers as numbers, whatever their sign and exponent; empty cells last. */
function compare(one: string, other: string): number {
  if (one === '' || other === '') return one === other ? 0 : one === '' ? 1 : -1
  const [left, right] = [Number(one), Number(other)]
  return Number.isNaN(left) || Number.isNaN(right) ? collator.compare(one, other) : left - right
}
