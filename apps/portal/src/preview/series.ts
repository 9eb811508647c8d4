import type { Table } from './table.ts'

/** A column of numbers against time, or against the number of the row. */
export interface Series {
  readonly name: string
  /** `time`: x is epoch milliseconds. */
  readonly axis: 'time' | 'row'
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly from: number
  readonly to: number
}

const mostSeries = 4
/** A column is what nine of ten of its cells are. */
const share = 0.9

/** What of a table can be drawn. */
export function seriesOf(table: Table): Series[] {
  const { columns, rows } = table
  if (rows.length < 3) return []
  const times = columns.findIndex((_, index) => isMostly(rows, index, isTime))
  const numbers = columns.flatMap((_, index) => (index !== times && isMostly(rows, index, isNumber) ? [index] : []))
  return numbers.slice(0, mostSeries).flatMap((index) => {
    const points = rows.flatMap((row, place): (readonly [number, number])[] => {
      const [x, y] = [times < 0 ? place + 1 : Date.parse(utc(row[times] ?? '')), Number(row[index])]
      return isNumber(row[index] ?? '') && !Number.isNaN(x) ? [[x, y]] : []
    })
    if (points.length < 3) return []
    const values = points.map(([, y]) => y)
    const axis = times < 0 ? 'row' : 'time'
    return [{ name: columns[index] ?? '', axis, points, from: smallest(values), to: -smallest(values.map((y) => -y)) }]
  })
}

function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
}

function isMostly(rows: Table['rows'], index: number, test: (text: string) => boolean): boolean {
  let [filled, fitting] = [0, 0]
  for (const { [index]: text = '' } of rows) {
    if (text === '') continue
    filled += 1
    if (test(text)) fitting += 1
  }
  return filled > 0 && fitting >= share * filled
}

/** Longer is no number that somebody wrote down; the pattern would try each of its digits in two places. */
const longestNumber = 40

function isNumber(text: string): boolean {
  return text.length <= longestNumber && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)
}

/** ISO 8601 with a day at least. A number alone is no time. */
function isTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}|$)/.test(text) && !Number.isNaN(Date.parse(utc(text)))
}

/** A time without a zone is taken for UTC, wherever the portal runs. */
function utc(text: string): string {
  const iso = text.replace(' ', 'T')
  return /T[\d:.]+$/.test(iso) ? `${iso}Z` : iso
}
