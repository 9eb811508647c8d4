import { badRequest } from './errors.ts'
import type { FieldValue } from './filter.ts'

/** Reads a whole number of the query. @throws TransferError 400 when it is none or out of range */
export function readNumber(
  query: URLSearchParams,
  name: string,
  range: { default: number; from: number; to: number },
): number {
  const text = query.get(name)
  if (text === null) return range.default
  const value = Number(text)
  if (!/^\d{1,12}$/.test(text) || value < range.from) throw badRequest(`${name} must be a number from ${range.from} on`)
  return Math.min(value, range.to)
}

/** Reads a truth value as all clients write it. */
export function readFlag(query: URLSearchParams, name: string, otherwise: boolean): boolean {
  const text = query.get(name)?.toLowerCase()
  if (text === undefined) return otherwise
  if (text === '1' || text === 'true') return true
  if (text === '0' || text === 'false') return false
  throw badRequest(`${name} must be 0 or 1`)
}

/** Keeps only the keys named by `fields`. */
export function selectFields(query: URLSearchParams): (document: object) => object {
  const names = query
    .get('fields')
    ?.split(',')
    .map((name) => name.trim())
  if (names === undefined) return (document) => document
  const kept = new Set(['DATA_TYPE', ...names])
  return (document) => Object.fromEntries(Object.entries(document).filter(([name]) => kept.has(name)))
}

export type Readers<Item> = Readonly<Record<string, (item: Item) => FieldValue>>

/** Reads `field DIR, field DIR`. Undefined when nothing is asked for. @throws TransferError 400 for unknown fields */
export function readOrder<Item>(
  query: URLSearchParams,
  readers: Readers<Item>,
): ((one: Item, other: Item) => number) | undefined {
  const parts = query.getAll('orderby').flatMap((text) => text.split(','))
  if (parts.length === 0) return undefined
  const comparisons = parts.map((part) => {
    const [name = '', direction = 'ASC', ...rest] = part.trim().split(/[ :]+/)
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined
    if (read === undefined || rest.length > 0 || !/^(asc|desc)$/i.test(direction))
      throw badRequest(`Invalid orderby '${part}'`)
    const sign = direction.toUpperCase() === 'ASC' ? 1 : -1
    return (one: Item, other: Item) => sign * compare(read(one), read(other))
  })
  return (one, other) => {
    for (const comparison of comparisons) {
      const order = comparison(one, other)
      if (order !== 0) return order
    }
    return 0
  }
}

export function compare(one: FieldValue, other: FieldValue): number {
  if (one === other) return 0
  if (one === null || other === null) return one === null ? -1 : 1
  return one < other ? -1 : 1
}
