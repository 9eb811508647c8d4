import type { SearchClient } from 'pierhead/globus'
import type { SearchConfig } from '../config/types.ts'
import { readRecord, type SearchRecord } from './record.ts'
import { deepest, type SearchQuery } from './search-address.ts'

export interface FacetCount {
  readonly field: string
  readonly title: string
  readonly values: readonly { readonly value: string; readonly count: number; readonly isChosen: boolean }[]
}

export interface SearchAnswer {
  readonly records: readonly SearchRecord[]
  readonly total: number
  readonly facets: readonly FacetCount[]
  readonly pages: number
}

const mostValues = 30

/** One page of results, and how many there are for each value of each facet. */
export async function askSearch(client: SearchClient, config: SearchConfig, query: SearchQuery): Promise<SearchAnswer> {
  const filters = [...query.chosen].map(([field, values]) => {
    return { type: 'match_any' as const, field_name: field, values: [...values] }
  })
  const facets = config.facets.map(({ field }) => {
    // Each facet counts what all others leave, so that its own other values stay to be chosen.
    const additional = filters.filter((filter) => filter.field_name !== field)
    return { type: 'terms' as const, name: field, field_name: field, size: mostValues, additional_filters: additional }
  })
  const payload = {
    q: query.text === '' ? '*' : query.text,
    limit: config.pageSize,
    offset: (query.page - 1) * config.pageSize,
    filters: filters.map((filter) => ({ ...filter, post_filter: true })),
    facets,
  }
  for await (const { document } of client.query.post(config.index, payload).pages()) {
    return answerOf(document, config, query)
  }
  return { records: [], total: 0, facets: [], pages: 1 }
}

function answerOf(document: unknown, config: SearchConfig, query: SearchQuery): SearchAnswer {
  const answer = isObject(document) ? document : {}
  const total = Number(answer['total']) || 0
  const results = Array.isArray(answer['gmeta']) ? answer['gmeta'] : []
  return {
    records: results.flatMap((result: unknown) => readRecord(result, config) ?? []),
    total,
    facets: facetsOf(answer['facet_results'], config, query),
    pages: Math.max(1, Math.ceil(Math.min(total, deepest) / config.pageSize)),
  }
}

/** In the order of the settings. What is chosen stays to be taken back, also where nothing is found for it. */
function facetsOf(results: unknown, { facets }: SearchConfig, { chosen }: SearchQuery): FacetCount[] {
  const found: unknown[] = Array.isArray(results) ? results : []
  return facets.map(({ field, title }) => {
    const result = found.find((one) => isObject(one) && one['name'] === field)
    const buckets: unknown[] = isObject(result) && Array.isArray(result['buckets']) ? result['buckets'] : []
    const counted = buckets.filter(isObject).map(({ count, value }) => [textOf(value), Number(count) || 0] as const)
    const own = chosen.get(field) ?? []
    const missing = own.filter((value) => !counted.some(([one]) => one === value)).map((value) => [value, 0] as const)
    const values = [...counted, ...missing].map(([value, count]) => ({ value, count, isChosen: own.includes(value) }))
    return { field, title, values: values.toSorted((one, other) => order.compare(one.value, other.value)) }
  })
}

const order = new Intl.Collator('en', { numeric: true })

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
