import * as sdk from '@globus/sdk/services/timers'
import { bindMethods, type Connection } from './bind.ts'
import type { ClientOptions } from './client-options.ts'
import type { Bindings, TableFor } from './method-types.ts'
import { timersMethods } from './other-methods.ts'
import { serviceCalls, type ServiceCalls } from './service-calls.ts'
import { serviceOf } from './services.ts'
import type { TokenSource } from './token-source.ts'

type Methods = Bindings<typeof sdk, typeof timersMethods, TimersFixes>

interface TimersFixes {
  readonly timer: { readonly create: TimerCreated }
}

/** What the SDK has no type for. */
export interface TimerCreated {
  readonly timer: { readonly job_id: string; readonly status: string; readonly next_run: string | null }
}

/**
 * Globus Timers for one person, with the names of `timers` in `@globus/sdk`. A job that waits for the person says so in
 * `inactive_reason` of a good answer: give it to {@link requirementsIn}.
 */
export interface TimersClient extends Methods, ServiceCalls {}

/** Globus Timers with the tokens of a session. Nothing is sent yet. */
export function timersClient(session: TokenSource, options: ClientOptions = {}): TimersClient {
  const connection: Connection = { service: serviceOf('TIMERS'), session, options }
  // The table names methods of the module only, and Bindings has their types.
  const methods = bindMethods(sdk, timersMethods satisfies TableFor<typeof sdk>, connection) as Methods
  return { ...methods, ...serviceCalls(connection) }
}
