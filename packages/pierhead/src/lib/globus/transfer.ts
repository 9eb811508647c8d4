import * as sdk from '@globus/sdk/services/transfer'
import { bindMethods, callService, type Connection } from './bind.ts'
import type { ClientOptions } from './client-options.ts'
import { requireUuid } from './identifiers.ts'
import type { Bindings, TableFor } from './method-types.ts'
import { serviceCalls, type ServiceCalls } from './service-calls.ts'
import { serviceOf } from './services.ts'
import { sharedEndpoints, type SharedEndpoints } from './shared-endpoint.ts'
import { taskSubmission, type TaskSubmission } from './submission.ts'
import type { TokenSource } from './token-source.ts'
import type { Task, TransferFixes } from './transfer-documents.ts'
import { transferMethods } from './transfer-methods.ts'
import { waitForTask, type WaitOptions } from './wait-for-task.ts'

type Methods = Bindings<typeof sdk, typeof transferMethods, TransferFixes>

/**
 * Globus Transfer for one person. Methods have the names of `transfer` in `@globus/sdk`; each takes the ids, then the
 * query or the payload, then {@link CallOptions}, and gives the parsed JSON of the answer, or a {@link List}.
 * See <https://docs.globus.org/api/transfer/>.
 */
export interface TransferClient extends Methods, ServiceCalls {
  readonly taskSubmission: TaskSubmission
  readonly sharedEndpoint: SharedEndpoints
  /** Waits until a task has ended or needs a person; the result says which. */
  waitForTask(id: string, options?: WaitOptions): Promise<Task>
}

/** Globus Transfer with the tokens of a session. Nothing is sent yet, and nothing is shared with other clients. */
export function transferClient(session: TokenSource, options: ClientOptions = {}): TransferClient {
  const connection: Connection = { service: serviceOf('TRANSFER'), session, options }
  // The table names methods of the module only, and Bindings has their types.
  const methods = bindMethods(sdk, transferMethods satisfies TableFor<typeof sdk>, connection) as Methods
  return {
    ...methods,
    ...serviceCalls(connection),
    taskSubmission: taskSubmission(connection),
    sharedEndpoint: sharedEndpoints(connection),
    waitForTask(id, wait = {}) {
      requireUuid(id, 'The id')
      const read = (signal: AbortSignal | undefined): Promise<Task> =>
        // As the fixed type of task.get.
        callService(connection, (own) => sdk.task.get(id, {}, own), signal && { signal }) as Promise<Task>
      return waitForTask(read, wait, options.clock)
    },
  }
}
