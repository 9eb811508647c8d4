import type { SearchEntry } from '../world/search-entries.ts'
import type { SearchIndex } from '../world/search-indexes.ts'
import { parseAdvanced } from './advanced-query.ts'
import { ADMINS, refuseWithout, type SearchCall } from './call.ts'
import { badRequest } from './errors.ts'
import { compareValues, parseField, valuesAt } from './fields.ts'
import { meets, type Filter } from './filters.ts'
import type { Matching, SearchRequest } from './request.ts'
import { parseSimple, readWords, scoreOf, type Boosts, type TextQuery } from './text-query.ts'

/** An entry that answers a query, and how well. */
export interface Found {
  readonly entry: SearchEntry
  readonly score: number
}

export interface Findings {
  /** What facets count. */
  readonly counted: readonly Found[]
  /** What is shown. */
  readonly found: readonly Found[]
}

/** The entries that a query means. @throws SearchError 400 for a query that says nothing */
export function find(entries: readonly SearchEntry[], request: Matching, boosts: Boosts = new Map()): Findings {
  if (request.q === undefined && (request.filters ?? []).length === 0)
    throw badRequest('q is required unless there are filters')
  const query = parseQuery(request)
  const { before, after } = splitFilters(request)
  const meetsAll =
    (filters: readonly Filter[]) =>
    ({ entry }: Found): boolean =>
      filters.every((one) => meets(entry.content, one))
  const counted = entries
    .map((entry) => ({ entry, score: scoreOf(query, readWords(entry.content), boosts) }))
    .filter(({ score }) => score > 0)
    .filter(meetsAll(before))
  return { counted, found: counted.filter(meetsAll(after)) }
}

function parseQuery({ q, advanced, q_settings: settings }: Matching): TextQuery {
  if (q === undefined) return { kind: 'all' }
  const operator = settings?.default_operator?.toLowerCase() === 'and' ? 'and' : 'or'
  const isAdvanced = advanced ?? settings?.mode === 'advanced_query_string'
  return isAdvanced ? parseAdvanced(q, operator) : parseSimple(q, operator)
}

/** In the older version of queries most filters leave the facets alone, unless they say otherwise. */
function splitFilters(request: Matching): { before: readonly Filter[]; after: readonly Filter[] } {
  const filters = request.filters ?? []
  const later = request.post_facet_filters ?? []
  if (request['@version'] !== undefined && request['@version'] !== '2017-09-01')
    return { before: filters, after: later }
  const isLate = (one: Filter): boolean => one.post_filter ?? one.type !== 'match_all'
  return { before: filters.filter((one) => !isLate(one)), after: [...filters.filter(isLate), ...later] }
}

/** Entries of an index that the caller may see. @throws SearchError 403 for somebody else than an admin who asks for more */
export function visibleEntries(
  index: SearchIndex,
  {
    bypass_visible_to: bypass,
    filter_principal_sets: sets,
  }: Pick<SearchRequest, 'bypass_visible_to' | 'filter_principal_sets'>,
  call: SearchCall,
): readonly SearchEntry[] {
  if (bypass === true) refuseWithout(ADMINS, index.id, call)
  const entries = call.context.world.searchEntries.ofIndex(index.id)
  return entries.filter(
    (entry) =>
      (bypass === true || isVisible(entry, call)) &&
      (sets === undefined || matchedSets(entry, call).some((name) => sets.includes(name))),
  )
}

export const isVisible = ({ visibleTo }: SearchEntry, { principals }: SearchCall): boolean =>
  visibleTo.some((principal) => principals.has(principal))

/** The names of the entry's principal sets that the caller is in. */
export const matchedSets = ({ principalSets }: SearchEntry, { principals }: SearchCall): readonly string[] =>
  Object.keys(principalSets).filter((name) => principalSets[name]?.some((one) => principals.has(one)) === true)

/** By the fields asked for, those without a value last; then the best answers first. */
export function inOrder(found: readonly Found[], sort: SearchRequest['sort'] = []): readonly Found[] {
  const keys = sort.map(({ field_name: field, order }) => ({ path: parseField(field), sign: order === 'asc' ? 1 : -1 }))
  return found.toSorted((one, other) => {
    for (const { path, sign } of keys) {
      const [first, second] = [one, other].map(({ entry }) => valuesAt(entry.content, path)[0])
      if (first === undefined && second === undefined) continue
      if (first === undefined || second === undefined) return first === undefined ? 1 : -1
      const order = compareValues(first, second) ?? 0
      if (order !== 0) return sign * order
    }
    return other.score - one.score
  })
}
