import type { SDKOptions } from '@globus/sdk/services/types'
import { callService, listService, type Connection } from './bind.ts'
import type { CallOptions } from './client-options.ts'
import type { List } from './list.ts'
import type { Paging, Parameters } from './paging.ts'

/** For a call that the client has no method for. */
export interface OtherCallOptions extends CallOptions {
  /** A POST or PATCH that may be sent twice. Default false. */
  readonly idempotent?: boolean
  /** Whose token goes with it. Default: that of the service. */
  readonly resourceServer?: string
}

/** For a list that the client has no method for. */
export interface OtherListOptions extends CallOptions {
  /** Name of the array in each page. */
  readonly items: string
  /** How the next page is asked for. */
  readonly paging: Paging
  /** Parameters of the first page. */
  readonly query?: Parameters
}

/** For whatever the client has no method for. */
export interface ServiceCalls {
  /**
   * Makes any call of the SDK to this service: `client.call((sdk) => transfer.endpointManager.task.get(id, {}, sdk))`.
   * `sdk` must be handed on as the SDK's last argument; it brings token, deadline, retries and errors.
   */
  call<Json = unknown>(
    send: (sdk: SDKOptions) => Promise<{ json(): Promise<Json> }>,
    options?: OtherCallOptions,
  ): Promise<Json>
  /** The same for a list: `send` is called once for each page, with the parameters of that page. */
  list<Item = unknown>(
    send: (query: Record<string, string>, sdk: SDKOptions) => Promise<unknown>,
    options: OtherListOptions,
  ): List<Item>
}

export function serviceCalls(connection: Connection): ServiceCalls {
  return {
    call: <Json>(send: (sdk: SDKOptions) => Promise<unknown>, options: OtherCallOptions = {}) =>
      // As the SDK types the method that was called.
      callService(connection, send, options) as Promise<Json>,
    list: <Item>(
      send: (query: Record<string, string>, sdk: SDKOptions) => Promise<unknown>,
      { items, paging, query = {}, ...call }: OtherListOptions,
    ) =>
      // As the caller says.
      listService(
        connection,
        { lists: items, paging, given: query, call },
        (parameters) => (sdk) =>
          send(Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)])), sdk),
      ) as List<Item>,
  }
}
