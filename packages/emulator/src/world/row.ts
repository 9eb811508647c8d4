import type { SQLOutputValue } from 'node:sqlite'

/** One row as SQLite gives it; the functions below read a column and fail loudly when the schema and the code disagree. */
export type Row = Record<string, SQLOutputValue>

export function text(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw new TypeError(`Column ${column} holds no text`)
  return value
}

export function optionalText(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column)
}

export function integer(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw new TypeError(`Column ${column} holds no number`)
  return value
}

export function optionalInteger(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column)
}

export const truth = (row: Row, column: string): boolean => integer(row, column) === 1

export function strings(row: Row, column: string): readonly string[] {
  const value: unknown = JSON.parse(text(row, column))
  if (!Array.isArray(value)) throw new TypeError(`Column ${column} holds no list`)
  return value.map(String)
}
