import { GlobusServiceError } from '../../errors.ts'
import { isJsonObject, type JsonObject } from './foreign-text.ts'

/** How a service cuts a list into pages. */
export type Paging =
  /** `limit` and `offset`; the end is `has_next_page`, or `total`. `cap`: the service ends there, whatever there is. */
  | { readonly by: 'offset'; readonly pageSize: number; readonly cap?: number; readonly in?: 'payload' }
  /** The value of `from` in the answer goes into the parameter `to` of the next request. */
  | { readonly by: 'cursor'; readonly from: string; readonly to: string }
  /** JSON:API: `links.next` has the parameter `page[marker]`. */
  | { readonly by: 'link' }
  /** One page. */
  | { readonly by: 'nothing' }

/** Offset paging with the parameters that select it: those of Transfer. */
export type Parameters = Readonly<Record<string, unknown>>

export interface NextPage {
  /** Undefined: this was the last page. */
  readonly parameters: Parameters | undefined
  /** Nothing was left out. */
  readonly complete: boolean
}

/** What the first request needs besides the caller's own parameters. */
export function firstParameters(paging: Paging, given: Parameters): Parameters {
  return paging.by === 'offset' && given['limit'] === undefined ? { ...given, limit: paging.pageSize } : given
}

/** How to go on after a page of `count` items that `parameters` asked for. */
export function nextPage(
  paging: Paging,
  asked: { readonly parameters: Parameters; readonly service: string },
  page: { readonly document: unknown; readonly count: number },
): NextPage {
  const document = isJsonObject(page.document) ? page.document : {}
  if (paging.by === 'offset') return byOffset(paging, asked.parameters, { document, count: page.count })
  if (paging.by === 'nothing') return last(!(numberOf(document['total']) > page.count))
  const name = paging.by === 'link' ? 'page[marker]' : paging.to
  const cursor = paging.by === 'link' ? markerOfLink(document) : cursorOf(document, paging.from)
  if (cursor === undefined) return last(true)
  // A service that sends the same cursor again would be asked for the same page for ever.
  if (String(asked.parameters[name]) !== cursor)
    return { parameters: { ...asked.parameters, [name]: cursor }, complete: false }
  const message = `The service ${asked.service} gave the place of a page that it had given before.`
  throw new GlobusServiceError('globus_answer_invalid', message, { service: asked.service })
}

function byOffset(
  { cap = Number.POSITIVE_INFINITY }: { readonly cap?: number },
  parameters: Parameters,
  { document, count }: { readonly document: JsonObject; readonly count: number },
): NextPage {
  const end = (numberOf(parameters['offset']) || 0) + count
  const total = numberOf(document['total'])
  const says = document['has_next_page']
  const hasNext = says === undefined ? total > end : says === true || says === 'true'
  if (!hasNext) return last(!(total > end))
  // An empty page cannot have a next one: asking on would never end.
  if (count === 0 || end >= cap) return last(false)
  return { parameters: { ...parameters, offset: end }, complete: false }
}

function last(complete: boolean): NextPage {
  return { parameters: undefined, complete }
}

/** Undefined at the end: null, absent, empty, or `has_next_page` false. */
function cursorOf(document: JsonObject, name: string): string | undefined {
  const value = document[name]
  const ended = document['has_next_page'] === false || document['has_next_page'] === 'false'
  if (ended || (typeof value !== 'string' && typeof value !== 'number') || value === '') return undefined
  return String(value)
}

function markerOfLink({ links }: JsonObject): string | undefined {
  const next = isJsonObject(links) ? links['next'] : undefined
  const text = isJsonObject(next) ? next['href'] : next
  // Only the marker is taken over, never the address.
  if (typeof text !== 'string' || !URL.canParse(text, 'http://unused.invalid')) return undefined
  return new URL(text, 'http://unused.invalid').searchParams.get('page[marker]') ?? undefined
}

function numberOf(value: unknown): number {
  return typeof value === 'number'
    ? value
    : typeof value === 'string' && /^\d+$/.test(value)
      ? Number(value)
      : Number.NaN
}
