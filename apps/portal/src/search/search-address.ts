import type { SearchConfig } from '../config/types.ts'

/** A search as its address says it. Whoever has the address sees the same. */
export interface SearchQuery {
  readonly text: string
  /** Chosen values by field: of one field any of them, of several fields all. Only fields that are facets. */
  readonly chosen: ReadonlyMap<string, readonly string[]>
  /** Counted from 1. */
  readonly page: number
}

const longestText = 500
const longestValue = 300
const mostValues = 50
/** The service gives no results beyond. */
export const deepest = 10_000

/** Reads what it understands, and drops the rest: an address is anybody's text. */
export function readSearch(query: URLSearchParams, { facets, pageSize }: SearchConfig): SearchQuery {
  const chosen = facets.flatMap(({ field }) => {
    const values = query.getAll(`in.${field}`).filter((value) => value !== '' && value.length <= longestValue)
    return values.length === 0 ? [] : [[field, [...new Set(values)].slice(0, mostValues)] as const]
  })
  const page = Math.trunc(Number(query.get('page')))
  return {
    text: (query.get('q') ?? '').trim().slice(0, longestText),
    chosen: new Map(chosen),
    page: page >= 1 ? Math.min(page, Math.floor(deepest / pageSize)) : 1,
  }
}

export function searchUrl({ chosen, page, text }: SearchQuery): string {
  const query = new URLSearchParams()
  if (text !== '') query.set('q', text)
  for (const [field, values] of chosen) for (const value of values) query.append(`in.${field}`, value)
  if (page > 1) query.set('page', String(page))
  return `/search${query.size === 0 ? '' : `?${query}`}`
}

/** The same search from its first page, with one value taken back. */
export function without(query: SearchQuery, field: string, value: string): SearchQuery {
  const rest = (query.chosen.get(field) ?? []).filter((one) => one !== value)
  const others = [...query.chosen].filter(([name]) => name !== field)
  return { ...query, page: 1, chosen: new Map(rest.length === 0 ? others : [...others, [field, rest]]) }
}

export function recordUrl(subject: string): string {
  return `/search/record?${new URLSearchParams({ subject })}`
}
