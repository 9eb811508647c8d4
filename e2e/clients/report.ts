import type { Cell } from './cells.ts'

const marks: Readonly<Record<Cell['verdict'], string>> = {
  passed: 'pass',
  failed: 'FAIL',
  skipped: 'skip',
  'not imitated': '501',
}

/** Prints the table and the closing line; true when the run may count as good. */
export function printReport(
  cells: readonly Cell[],
  { strict, reasons }: { strict: boolean; reasons: readonly string[] },
): boolean {
  console.log(`\n${table(cells)}\n`)
  for (const [index, client] of clientsOf(cells).entries()) console.log(`${index + 1} = ${client}`)
  console.log()
  for (const reason of reasons) console.log(reason)
  const count = (verdict: Cell['verdict']): number => cells.filter((cell) => cell.verdict === verdict).length
  const [failed, skipped, missing] = [count('failed'), count('skipped'), count('not imitated')]
  if (missing > 0) console.log(`${missing} cells are not imitated yet (501), as judges.ts lists.`)
  if (strict && skipped > 0) console.log(`${skipped} cells were skipped, and CI=true allows none.`)
  console.log(`${count('passed')} passed, ${failed} failed, ${skipped} skipped`)
  return failed === 0 && !(strict && skipped > 0) && cells.length > 0
}

/** The clients in the order of the table's columns. */
export const clientsOf = (cells: readonly Cell[]): readonly string[] =>
  Array.from(new Set(cells.map(({ client }) => client)))

/** Client × feature, in Markdown: a column for each client, by its number. */
export function table(cells: readonly Cell[]): string {
  const clients = clientsOf(cells)
  const features = Array.from(new Set(cells.map(({ feature }) => feature)))
  const mark = (client: string, feature: string): string => {
    const cell = cells.find((one) => one.client === client && one.feature === feature)
    return cell === undefined ? '' : marks[cell.verdict]
  }
  const rows = [
    ['feature', ...clients.map((_, index) => String(index + 1))],
    ...features.map((feature) => [feature, ...clients.map((client) => mark(client, feature))]),
  ]
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0), 3))
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' | ')} |`
  const [head = [], ...body] = rows
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')
}
