import { entityTypes, type Collection } from '../world/collections.ts'
import type { Call, Reply } from './call.ts'
import { ok } from './call.ts'
import { endpointDocument, ownerString } from './endpoint-document.ts'
import { badRequest } from './errors.ts'
import { readFlag, readNumber, selectFields } from './list-query.ts'
import { isGuest, isVisible, rolesOf, rulesFor } from './rights.ts'
import { searchScore, searchTerms } from './search-text.ts'

const scopes = [
  'all',
  'my-endpoints',
  'my-gcp-endpoints',
  'recently-used',
  'in-use',
  'shared-by-me',
  'shared-with-me',
  'administered-by-me',
  'hide-no-permissions',
] as const

type Scope = (typeof scopes)[number]

/** Nobody gets further results, and nobody is told. */
const MAXIMUM_RESULTS = 1000

/** `GET /v0.10/endpoint_search` */
export function endpointSearch(call: Call): Reply {
  const { query, context } = call
  const scope = readScope(call)
  const text = query.get('filter_fulltext')
  refuseContradictions(query, scope)
  if (scope === 'all' && text === null && query.get('filter_owner_id') === null)
    throw badRequest("filter_fulltext is required when filter_scope is 'all'")
  const found = rank(inScope(scope, call).filter(filtersOf(query)), text, call).slice(0, MAXIMUM_RESULTS)
  const limit = readNumber(query, 'limit', { default: context.behaviour.defaultSearchLimit, from: 1, to: 100 })
  const offset = readNumber(query, 'offset', { default: 0, from: 0, to: MAXIMUM_RESULTS })
  const select = selectFields(query)
  const page = found.slice(offset, offset + limit)
  const DATA = page.map((collection, index) =>
    select({ ...endpointDocument(collection, call.caller, context), _rank: offset + index + 1 }),
  )
  return ok({ DATA_TYPE: 'endpoint_list', limit, offset, has_next_page: offset + page.length < found.length, DATA })
}

function readScope({ query, context }: Call): Scope {
  const text = query.get('filter_scope') ?? 'all'
  const scope = scopes.find((known) => known === text)
  if (scope === undefined || (scope === 'hide-no-permissions' && !context.behaviour.hideNoPermissions))
    throw badRequest(`Invalid filter_scope '${text}'`)
  return scope
}

function refuseContradictions(query: URLSearchParams, scope: Scope): void {
  if (query.get('filter_owner_id') !== null && ['my-endpoints', 'my-gcp-endpoints', 'shared-by-me'].includes(scope))
    throw badRequest(`filter_owner_id cannot be used with filter_scope '${scope}'`)
  if (query.get('filter_non_functional') !== null && query.get('filter_entity_type') !== null)
    throw badRequest('filter_non_functional cannot be used with filter_entity_type')
}

/** The collections of a scope; recently used ones come newest first. */
function inScope(scope: Scope, call: Call): readonly Collection[] {
  const { caller, context } = call
  const all = context.world.collections.all()
  const owned = ({ owner }: Collection): boolean => caller.identities.includes(owner)
  const shared = (collection: Collection): boolean =>
    isGuest(collection) &&
    !owned(collection) &&
    rulesFor(collection, caller, context).some(
      ({ principalType }) => principalType === 'identity' || principalType === 'group',
    )
  const used = (ids: readonly string[]): readonly Collection[] =>
    ids.flatMap((id) => all.find((collection) => collection.id === id) ?? [])
  switch (scope) {
    case 'my-endpoints':
      return all.filter(owned)
    case 'my-gcp-endpoints':
      return all.filter((collection) => owned(collection) && collection.entityType === 'GCP_mapped_collection')
    case 'shared-by-me':
      return all.filter((collection) => owned(collection) && isGuest(collection))
    case 'shared-with-me':
      return all.filter(shared)
    case 'administered-by-me':
      return all.filter((collection) => rolesOf(collection, caller, context).includes('administrator'))
    case 'recently-used':
      return used(context.transfer.recentlyUsed(caller.id))
    case 'in-use':
      return all.filter(({ id }) => context.transfer.isInUse(id, caller.id))
    default:
      return all.filter((collection) => isVisible(collection, caller, context))
  }
}

function filtersOf(query: URLSearchParams): (collection: Collection) => boolean {
  const owner = query.get('filter_owner_id')
  const host = query.get('filter_host_endpoint')
  const type = query.get('filter_entity_type')
  if (type !== null && !entityTypes.some((known) => known === type))
    throw badRequest(`Invalid filter_entity_type '${type}'`)
  const nonFunctional =
    query.get('filter_non_functional') === null ? null : readFlag(query, 'filter_non_functional', false)
  return (collection) =>
    (owner === null || collection.owner === owner) &&
    (host === null || collection.host?.id === host) &&
    (type === null || collection.entityType === type) &&
    (nonFunctional === null || (collection.entityType === 'GCSv5_endpoint') === nonFunctional)
}

function rank(collections: readonly Collection[], text: string | null, { context }: Call): readonly Collection[] {
  if (text === null) return collections
  const terms = searchTerms(text)
  return collections
    .map((collection) => ({ collection, score: searchScore(terms, collection, ownerString(collection, context)) }))
    .filter(({ score }) => score > 0 || terms.length === 0)
    .toSorted((one, other) => other.score - one.score)
    .map(({ collection }) => collection)
}
