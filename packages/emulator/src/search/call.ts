import type * as z from 'zod'
import { callerOf, type ServiceCaller } from '../services/caller.ts'
import { readJsonBody } from '../services/json-body.ts'
import { param, type Incoming } from '../services/service-route.ts'
import { indexRoles, type IndexRole, type SearchIndex } from '../world/search-indexes.ts'
import { badRequest, SearchError } from './errors.ts'

/** A request to Search. Nobody needs a token to find what is public. */
export interface SearchCall extends Incoming {
  readonly caller: ServiceCaller | undefined
  /** The URNs of the caller, and of everybody the caller belongs to. */
  readonly principals: ReadonlySet<string>
}

const SCOPES = 'urn:globus:auth:scope:search.api.globus.org:'

/** What a call does; the narrow scopes suffice for one thing each. */
export type Need = 'search' | 'ingest' | 'all'

/** @throws SearchError 401 for a token that is none of Search, 403 for one without the scope */
export function enterSearch(incoming: Incoming, need: Need): SearchCall {
  const caller = callerOf(incoming.request, 'search.api.globus.org', incoming.context)
  if (caller === 'missing') return { ...incoming, caller: undefined, principals: new Set(['public']) }
  if (caller === 'invalid')
    throw new SearchError(401, 'Unauthorized.InvalidToken', 'The token is not active or not one for Search')
  if (!caller.scopes.has(`${SCOPES}all`) && !caller.scopes.has(SCOPES + need))
    throw new SearchError(403, 'Forbidden.InvalidScope', `The token lacks the scope ${SCOPES}${need}`)
  return { ...incoming, caller, principals: principalsOf(caller) }
}

export const identityUrn = (id: string): string => `urn:globus:auth:identity:${id}`
export const groupUrn = (id: string): string => `urn:globus:groups:id:${id}`

const principalsOf = ({ identities, groups }: ServiceCaller): ReadonlySet<string> =>
  new Set(['public', 'all_authenticated_users', ...identities.map(identityUrn), ...Array.from(groups, groupUrn)])

/** @throws SearchError 401 without a token */
export function requireCaller({ caller }: SearchCall): ServiceCaller {
  if (caller === undefined) throw new SearchError(401, 'Unauthorized.Generic', 'This call must be authenticated')
  return caller
}

/** The roles that the caller has on an index. */
export function rolesOn(index: string, { principals, context }: SearchCall): readonly IndexRole[] {
  const held = new Set(
    context.world.searchIndexes
      .roles(index)
      .filter(({ principal }) => principals.has(principal))
      .map(({ role }) => role),
  )
  return indexRoles.filter((role) => held.has(role))
}

export const ADMINS: readonly IndexRole[] = ['owner', 'admin']
export const WRITERS: readonly IndexRole[] = ['owner', 'admin', 'writer']

/** The index of the path, open. @throws SearchError 404 for none, 409 for one that is being deleted */
export function requireIndex(call: SearchCall, status: SearchIndex['status'] = 'open'): SearchIndex {
  const id = param(call, 'index')
  const index = call.context.world.searchIndexes.find(id.toLowerCase())
  if (index === undefined) throw new SearchError(404, 'NotFound.NoSuchIndex', `There is no index named "${id}"`)
  if (index.status === status) return index
  throw new SearchError(
    409,
    'Conflict.IncompatibleIndexStatus',
    `Index status (${index.status}) did not match required status for this operation: ${status}`,
  )
}

/** As `requireIndex`, for somebody with one of the roles. */
export function requireRole(
  call: SearchCall,
  roles: readonly IndexRole[],
  status?: SearchIndex['status'],
): SearchIndex {
  requireCaller(call)
  const index = requireIndex(call, status)
  refuseWithout(roles, index.id, call)
  return index
}

/** @throws SearchError 403 when the caller has none of the roles */
export function refuseWithout(roles: readonly IndexRole[], index: string, call: SearchCall): void {
  if (rolesOn(index, call).some((role) => roles.includes(role))) return
  throw new SearchError(403, 'Forbidden.Generic', 'The request was denied by the service', {
    cause: `This takes one of the roles ${roles.join(', ')} on the index.`,
  })
}

/** Reads and checks the JSON body. @throws SearchError 400 naming what is wrong */
export async function readDocument<Document>(call: SearchCall, schema: z.ZodType<Document>): Promise<Document> {
  const body = await readJsonBody(call.request, schema)
  if ('document' in body) return body.document
  const problems = body.problems.map(({ path, message }) => `${path.join('.') || 'the document'}: ${message}`)
  throw badRequest(`Invalid request document: ${problems.join('; ')}`, { causes: problems })
}

/** A time as Search writes it. */
export const searchTime = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ')
