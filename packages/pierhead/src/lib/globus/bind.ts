import type { SDKOptions } from '@globus/sdk/services/types'
import { GlobusServiceError } from '../../errors.ts'
import type { CallOptions, ClientOptions } from './client-options.ts'
import { isJsonObject } from './foreign-text.ts'
import { requireIdentifier, requireUuid } from './identifiers.ts'
import { createList, type Fetched, type List } from './list.ts'
import type { Method, Table } from './method-types.ts'
import { firstParameters, nextPage, type Paging, type Parameters } from './paging.ts'
import type { Service } from './services.ts'
import type { TokenSource } from './token-source.ts'
import { callSdk, type SendWithSdk } from './transport.ts'

/** One person at one service. */
export interface Connection {
  readonly service: Service
  /** Undefined: calls without a token. */
  readonly session: TokenSource | undefined
  readonly options: ClientOptions
}

export interface ConnectionCall extends CallOptions {
  readonly idempotent?: boolean | undefined
  readonly resourceServer?: string | undefined
}

export function callService(connection: Connection, send: SendWithSdk, call: ConnectionCall = {}): Promise<unknown> {
  const { service, session, options } = connection
  const { idempotent, resourceServer, ...limits } = call
  const target = {
    service: service.name,
    resourceServer: resourceServer ?? service.resourceServer,
    baseUrl: service.baseUrl(),
    session,
    ...(idempotent !== undefined && { idempotent }),
  }
  return callSdk(target, send, { ...options, ...limits })
}

/** A function of the SDK: ids first where it has any, then its options, then those of the transport. */
type SdkMethod = (...args: readonly unknown[]) => Promise<unknown>

/** Gives the methods that a table names, each with its arguments in the SDK's places. */
export function bindMethods(module: object, table: Table, connection: Connection): object {
  const entries = Object.entries(table).map(([name, entry]): [string, unknown] => {
    const member: unknown = Reflect.get(module, name)
    if (isMethod(entry)) return [name, bindMethod(requireFunction(member, name), entry, connection)]
    if (typeof member !== 'object' || member === null) throw new TypeError(`This @globus/sdk has no ${name}.`)
    return [name, bindMethods(member, entry, connection)]
  })
  return Object.freeze(Object.fromEntries(entries))
}

function isMethod(entry: Method | Table): entry is Method {
  return typeof entry['takes'] === 'string'
}

function requireFunction(member: unknown, name: string): SdkMethod {
  if (typeof member !== 'function') throw new TypeError(`This @globus/sdk has no method ${name}.`)
  // Whatever it is given is of the types that the table promises; see TableFor.
  return member as SdkMethod
}

function bindMethod(method: SdkMethod, entry: Method, connection: Connection): (...args: unknown[]) => unknown {
  return (...args) => {
    const { ids, input, call } = readArguments(entry, args)
    const limits = {
      ...call,
      idempotent: entry.idempotent,
      resourceServer: entry.tokenOf === 'id' ? String(ids[0]) : undefined,
    }
    const send = (input: object) => (sdk: SDKOptions) => method(...ids, input, sdk)
    if (entry.lists === undefined) return callService(connection, send(input), limits)
    const { lists, paging = { by: 'nothing' } } = entry
    const place = paging.by === 'offset' && paging.in ? paging.in : 'query'
    const given = readInput(input, place)
    return listService(connection, { lists, paging, given, call: limits }, (parameters) =>
      send({ ...input, [place]: parameters }),
    )
  }
}

function readInput(input: object, place: 'query' | 'payload'): Parameters {
  const value: unknown = Reflect.get(input, place)
  return isJsonObject(value) ? value : {}
}

function readArguments(
  { takes }: Method,
  args: readonly unknown[],
): { ids: unknown[]; input: object; call: CallOptions } {
  const [first, second] = takes.split(' ')
  const hasIds = first === 'id' || first === 'ids'
  const name = hasIds ? second : first
  const rest = hasIds ? args.slice(1) : args
  const hasInput = name === 'query' || name === 'payload'
  const [input, call] = hasInput ? rest : [undefined, rest[0]]
  return {
    ids: hasIds ? [requireIds(args[0], first === 'ids')] : [],
    input: hasInput && input !== undefined ? { [name]: input } : {},
    call: call ?? {},
  }
}

/** Of a permission or a role; the others are of what it belongs to. */
const ownIds = new Set(['id', 'role_id'])

function requireIds(value: unknown, several: boolean): unknown {
  if (!several) return requireUuid(value, 'The id')
  if (!isJsonObject(value)) throw new TypeError('The ids must be an object.')
  for (const [name, id] of Object.entries(value))
    if (ownIds.has(name)) requireIdentifier(id, name)
    else requireUuid(id, name)
  return value
}

export interface ListRequest {
  /** The path of the items in a page; `''` when the page is the list itself. */
  readonly lists: string
  readonly paging: Paging
  readonly given: Parameters
  readonly call: ConnectionCall
}

export function listService(
  connection: Connection,
  { lists, paging, given, call }: ListRequest,
  send: (parameters: Parameters) => SendWithSdk,
): List<unknown> {
  const service = connection.service.name
  const fetchPage = async (parameters: Parameters, stop: AbortSignal): Promise<Fetched<unknown, unknown>> => {
    const signal = call.signal ? AbortSignal.any([call.signal, stop]) : stop
    const document = await callService(connection, send(parameters), { ...call, signal })
    const items: unknown = lists === '' ? document : isJsonObject(document) ? document[lists] : undefined
    if (!Array.isArray(items)) {
      const message = `The service ${service} sent a page without a list${lists === '' ? '' : ` ${lists}`}.`
      throw new GlobusServiceError('globus_answer_invalid', message, { service })
    }
    const { parameters: following, complete } = nextPage(
      paging,
      { parameters, service },
      { document, count: items.length },
    )
    return { items, document, complete, next: following && ((again) => fetchPage(following, again)) }
  }
  return createList((stop) => fetchPage(firstParameters(paging, given), stop))
}
