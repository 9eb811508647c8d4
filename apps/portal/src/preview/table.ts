/** A table that was read from text. */
export interface Table {
  readonly columns: readonly string[]
  /** None longer than `columns`; what a row leaves out at its end is missing. */
  readonly rows: readonly (readonly string[])[]
}

/** More are not read on a page, and each costs time for every row. */
const mostColumns = 200
const delimiters = [',', ';', '\t', '|'] as const

/**
 * Reads comma-separated values (RFC 4180), or what is separated by semicolons, tabs or bars. Its first line names the columns.
 * Undefined: it is no table.
 */
export function parseTable(text: string, { isCut }: { readonly isCut: boolean }): Table | undefined {
  const [firstLine = ''] = text.split(/\r?\n/, 1)
  const counts = delimiters.map((one) => firstLine.split(one).length)
  const delimiter = delimiters[counts.indexOf(Math.max(...counts))] ?? ','
  const records = parseRecords(text.replace(/^\ufeff/, ''), delimiter)
  // The last record of a file that is cut is not whole.
  const whole = isCut ? records.slice(0, -1) : records
  const [first = [], ...rows] = whole.filter((record) => record.length > 1 || record[0] !== '')
  if (first.length === 0) return undefined
  const columns = first.slice(0, mostColumns)
  return { columns, rows: rows.map((row) => row.slice(0, columns.length)) }
}

function parseRecords(text: string, delimiter: string): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let at = 0
  while (at <= text.length) {
    const { end, value } = text[at] === '"' ? readQuoted(text, at) : readPlain(text, at, delimiter)
    record.push(value)
    at = end + 1
    if (text[end] === delimiter) continue
    if (text[end] === '\r' && text[end + 1] === '\n') at += 1
    records.push(record)
    record = []
  }
  return records
}

function readPlain(text: string, start: number, delimiter: string): { value: string; end: number } {
  let end = start
  while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end += 1
  return { value: text.slice(start, end).trim(), end }
}

/** Up to the quote that is not doubled. What follows it before the next delimiter is dropped. */
function readQuoted(text: string, start: number): { value: string; end: number } {
  let value = ''
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return { value: value + text.slice(at), end: text.length }
    value += text.slice(at, quote)
    if (text[quote + 1] !== '"') return { value, end: quote + 1 }
    value += '"'
    at = quote + 2
  }
}
