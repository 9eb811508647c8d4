// `@globus/sdk/services/flows` is Compute: the SDK's package.json has the wrong file there.
import * as sdk from '@globus/sdk/services/flows/index'
import { bindMethods, type Connection } from './bind.ts'
import type { ClientOptions } from './client-options.ts'
import type { Bindings, TableFor } from './method-types.ts'
import { flowsMethods } from './other-methods.ts'
import { serviceCalls, type ServiceCalls } from './service-calls.ts'
import { serviceOf } from './services.ts'
import type { TokenSource } from './token-source.ts'

type Answer<Path extends 'flows' | 'runs'> = Path extends 'flows'
  ? sdk.OpenAPI.paths['/flows']['get']['responses']['200']['content']['application/json']
  : sdk.OpenAPI.paths['/runs']['get']['responses']['200']['content']['application/json']
type FlowDocument = NonNullable<Answer<'flows'>['flows']>[number]
type RunDocument = NonNullable<Answer<'runs'>['runs']>[number]

/** A flow, as lists have it. */
export interface Flow extends FlowDocument {}
/** A run of a flow, as lists have it. */
export interface Run extends RunDocument {}

interface FlowsFixes {
  readonly flows: {
    readonly getAll: Omit<Answer<'flows'>, 'flows'> & { readonly flows: Flow[] }
    /** Without the error documents that the SDK adds: here they are thrown. */
    readonly validate: sdk.OpenAPI.paths['/flows/validate']['post']['responses']['200']['content']['application/json']
  }
  readonly runs: { readonly getAll: Omit<Answer<'runs'>, 'runs'> & { readonly runs: Run[] } }
}

type Methods = Bindings<typeof sdk, typeof flowsMethods, FlowsFixes>

/**
 * Globus Flows for one person, with the names of `flows` in `@globus/sdk`. A run that waits for the person says so in
 * `details` of a good answer: give it to {@link requirementsIn}. See <https://docs.globus.org/api/flows/>.
 */
export interface FlowsClient extends Methods, ServiceCalls {}

/** Globus Flows with the tokens of a session. Nothing is sent yet. */
export function flowsClient(session: TokenSource, options: ClientOptions = {}): FlowsClient {
  const connection: Connection = { service: serviceOf('FLOWS'), session, options }
  // The table names methods of the module only, and Bindings has their types.
  const methods = bindMethods(sdk, flowsMethods satisfies TableFor<typeof sdk>, connection) as Methods
  return { ...methods, ...serviceCalls(connection) }
}
