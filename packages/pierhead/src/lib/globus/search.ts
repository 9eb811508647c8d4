import * as sdk from '@globus/sdk/services/search'
import { bindMethods, type Connection } from './bind.ts'
import type { ClientOptions } from './client-options.ts'
import type { Bindings, TableFor } from './method-types.ts'
import { searchMethods } from './other-methods.ts'
import { serviceCalls, type ServiceCalls } from './service-calls.ts'
import { serviceOf } from './services.ts'
import type { TokenSource } from './token-source.ts'

type Methods = Bindings<typeof sdk, typeof searchMethods>

/** Globus Search, with the names of `search` in `@globus/sdk`. See <https://docs.globus.org/api/search/>. */
export interface SearchClient extends Methods, ServiceCalls {}

/** Globus Search with the tokens of a session; without a session, what everybody may see. Nothing is sent yet. */
export function searchClient(session?: TokenSource, options: ClientOptions = {}): SearchClient {
  const connection: Connection = { service: serviceOf('SEARCH'), session, options }
  // The table names methods of the module only, and Bindings has their types.
  const methods = bindMethods(sdk, searchMethods satisfies TableFor<typeof sdk>, connection) as Methods
  return { ...methods, ...serviceCalls(connection) }
}
