import * as z from 'zod'
import { callerOf, type ServiceCaller } from '../services/caller.ts'
import { readJsonBody } from '../services/json-body.ts'
import type { Incoming } from '../services/service-route.ts'
import { groupsError, GroupsError } from './errors.ts'

/** A request to Groups by somebody who may use that part of it. */
export interface GroupsCall extends Incoming {
  readonly caller: ServiceCaller
}

const SCOPES = 'urn:globus:auth:scope:groups.api.globus.org:'

/** What a call needs: the narrow scope suffices to look at one's groups. */
export type Need = 'view' | 'all'

/** @throws GroupsError 401 without a token of Groups, 403 without the scope */
export function enterGroups(incoming: Incoming, need: Need): GroupsCall {
  const caller = callerOf(incoming.request, 'groups.api.globus.org', incoming.context)
  if (caller === 'missing')
    throw groupsError(401, ['AUTHENTICATION_ERROR', 'The Authorization header is missing or holds no bearer token'])
  if (caller === 'invalid') throw groupsError(401, ['INVALID_TOKEN', 'The token is not active or not one for Groups'])
  const wanted = need === 'all' ? ['all'] : ['all', 'view_my_groups_and_memberships']
  if (!wanted.some((name) => caller.scopes.has(SCOPES + name))) {
    const detail = `The token lacks the scope ${SCOPES}${wanted.at(-1)}`
    throw groupsError(403, ['MISSING_REQUIRED_SCOPE', detail], { provided_scopes: [...caller.scopes] })
  }
  return { ...incoming, caller }
}

/** Reads the JSON body. @throws GroupsError 422 with the list of what is wrong, as FastAPI writes it */
export async function readDocument<Document>(call: GroupsCall, schema: z.ZodType<Document>): Promise<Document> {
  const body = await readJsonBody(call.request, schema)
  if ('document' in body) return body.document
  const detail = body.problems.map(({ path, message }) => ({
    loc: ['body', ...path],
    msg: message,
    type: 'value_error',
  }))
  const reason = detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ')
  throw new GroupsError(422, { detail }, reason)
}

/** @throws GroupsError 422 when a value of the query is none of those that exist */
export function readChoices<Choice extends string>(
  { query }: GroupsCall,
  name: string,
  choices: readonly Choice[],
): readonly Choice[] {
  // Python joins with commas, FastAPI itself also takes the parameter several times.
  const given = query.getAll(name).flatMap((text) => text.split(','))
  return given.map((text) => {
    const choice = choices.find((known) => known === text.trim())
    if (choice !== undefined) return choice
    const detail = [{ loc: ['query', name], msg: `value is not one of ${choices.join(', ')}`, type: 'value_error' }]
    throw new GroupsError(422, { detail }, `${name} holds ${text}`)
  })
}

export const id: z.ZodType<string> = z.guid().transform((text) => text.toLowerCase())
