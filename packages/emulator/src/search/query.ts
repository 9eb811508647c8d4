import { ok, type ServiceReply } from '../services/service-route.ts'
import type { SearchEntry } from '../world/search-entries.ts'
import type { SearchIndex } from '../world/search-indexes.ts'
import { readDocument, requireIndex, type SearchCall } from './call.ts'
import { badRequest } from './errors.ts'
import { countFacets } from './facets.ts'
import { find, inOrder, visibleEntries, type Found } from './find.ts'
import { readTruth } from './query-parameters.ts'
import { scrollRequest, searchRequest, type SearchRequest } from './request.ts'
import { resultDocument, type Format } from './results.ts'

const MAXIMUM_RESULTS = 10_000

/** `GET /v1/index/ID/search` */
export function searchByQuery(call: SearchCall): ServiceReply {
  const { query } = call
  const sets = query.get('filter_principal_sets')
  const given = {
    q: query.get('q') ?? undefined,
    limit: numberOf(query, 'limit'),
    offset: numberOf(query, 'offset'),
    advanced: readTruth(query, 'advanced'),
    bypass_visible_to: readTruth(query, 'bypass_visible_to'),
    filter_principal_sets: sets?.split(','),
    result_format_version: query.get('result_format_version') ?? undefined,
  }
  if (given.q === undefined) throw badRequest('q is required')
  const checked = searchRequest.safeParse(given)
  if (!checked.success)
    throw badRequest(checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
  return search(checked.data, requireIndex(call), call)
}

/** `POST /v1/index/ID/search` */
export async function searchByDocument(call: SearchCall): Promise<ServiceReply> {
  const request = await readDocument(call, searchRequest)
  return search(request, requireIndex(call), call)
}

function search(request: SearchRequest, index: SearchIndex, call: SearchCall): ServiceReply {
  const { limit, offset } = request
  const entries = visibleEntries(index, request, call)
  const boosts = new Map((request.boosts ?? []).map(({ field_name: field, factor }) => [field, factor]))
  const { counted, found } = find(entries, request, boosts)
  const subjects = subjectsOf(inOrder(found, request.sort))
  const reachable = subjects.slice(0, MAXIMUM_RESULTS)
  const page = reachable.slice(offset, offset + limit)
  const facets = request.facets ?? []
  return ok({
    '@datatype': 'GSearchResult',
    '@version': '2017-09-01',
    count: page.length,
    total: subjects.length,
    offset,
    has_next_page: offset + page.length < reachable.length && page.length > 0,
    gmeta: documents(page, entries, { format: formatOf(request), call }),
    ...(facets.length === 0
      ? {}
      : {
          facet_results: countFacets(
            facets,
            counted.map(({ entry }) => entry.content),
          ),
        }),
  })
}

/** `POST /v1/index/ID/scroll`: everything, in the order it came in. The marker says how many subjects were seen. */
export async function scroll(call: SearchCall): Promise<ServiceReply> {
  const request = await readDocument(call, scrollRequest)
  const index = requireIndex(call)
  const start = markerOf(request.marker ?? null)
  const entries = visibleEntries(index, request, call)
  const subjects = subjectsOf(find(entries, { ...request, '@version': 'scroll#1.0.0' }).found)
  const page = subjects.slice(start, start + Math.max(request.limit, 1))
  const end = start + page.length
  const hasMore = end < subjects.length
  return ok({
    '@datatype': 'GScrollResult',
    '@version': '2017-09-01',
    count: page.length,
    total: subjects.length,
    has_next_page: hasMore,
    marker: hasMore ? Buffer.from(String(end)).toString('base64url') : null,
    gmeta: documents(page, entries, { format: formatOf(request), call }),
  })
}

/** A subject stands where the best of its entries does. */
const subjectsOf = (found: readonly Found[]): readonly string[] =>
  Array.from(new Set(found.map(({ entry }) => entry.subject)))

function documents(
  subjects: readonly string[],
  entries: readonly SearchEntry[],
  how: { readonly format: Format; readonly call: SearchCall },
): readonly object[] {
  const bySubject = Map.groupBy(entries, ({ subject }) => subject)
  return subjects.map((subject) => resultDocument(subject, bySubject.get(subject) ?? [], how))
}

const formatOf = ({ result_format_version: version }: Pick<SearchRequest, 'result_format_version'>): Format =>
  version === '2017-09-01' ? '2017-09-01' : '2019-08-27'

function markerOf(marker: string | null): number {
  if (marker === null) return 0
  const text = Buffer.from(marker, 'base64url').toString()
  if (!/^\d{1,9}$/.test(text)) throw badRequest('The marker is none that a scroll has given')
  return Number(text)
}

const numberOf = (query: URLSearchParams, name: string): number | undefined => {
  const text = query.get(name)
  return text === null ? undefined : Number(text)
}
