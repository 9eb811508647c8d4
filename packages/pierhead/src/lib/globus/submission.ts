import * as sdk from '@globus/sdk/services/transfer'
import type {
  DeleteFields,
  DeleteResult,
  TransferFields,
  TransferResult,
} from '@globus/sdk/services/transfer/service/task-submission'
import { callService, type Connection } from './bind.ts'
import type { CallOptions } from './client-options.ts'
import { requireUuid } from './identifiers.ts'
import { isJsonObject } from './foreign-text.ts'
import type { SendWithSdk } from './transport.ts'

/** The SDK spells `Accepted` wrongly. `Duplicate`: the submission id was used before, and `task_id` is that task's. */
export type SubmissionCode = 'Accepted' | 'Duplicate'
/** What Transfer answers to a submission. */
export type TransferSubmitted = Omit<TransferResult, 'code'> & { readonly code: SubmissionCode }
/** What Transfer answers to a submission. */
export type DeleteSubmitted = Omit<DeleteResult, 'code'> & { readonly code: SubmissionCode }

type Additions = {
  /** Default: one is fetched. Keep your own with the person's intent where a request may be repeated by another one. */
  submission_id?: string
  notify_on_inactive?: boolean
}
/** Files to copy, as Transfer takes them; type and submission id are put in. */
export type TransferSubmission = Omit<TransferFields, 'DATA_TYPE' | 'submission_id'> & Additions
/** Files to delete, as Transfer takes them; type and submission id are put in. */
export type DeleteSubmission = Omit<DeleteFields, 'DATA_TYPE' | 'submission_id'> & Additions

/** Submits tasks exactly once: what is sent again, by us or by you, has the same submission id. */
export interface TaskSubmission {
  submissionId(options?: CallOptions): Promise<{ DATA_TYPE: 'submission_id'; value: string }>
  /**
   * Submits a transfer. Without `submission_id` one is fetched, and kept for this very object until the service has
   * accepted it: submitting the object again after an error cannot make a second task.
   */
  submitTransfer(payload: TransferSubmission, options?: CallOptions): Promise<TransferSubmitted>
  /** As {@link TaskSubmission.submitTransfer}. */
  submitDelete(payload: DeleteSubmission, options?: CallOptions): Promise<DeleteSubmitted>
}

export function taskSubmission(connection: Connection): TaskSubmission {
  const kept = new WeakMap<object, Promise<string>>()

  const fetchId = async (options?: CallOptions): Promise<{ DATA_TYPE: 'submission_id'; value: string }> => {
    const answer = await callService(connection, (own) => sdk.taskSubmission.submissionId({}, own), options)
    const value = requireUuid(isJsonObject(answer) ? answer['value'] : undefined, 'The submission id of the service')
    return { DATA_TYPE: 'submission_id', value }
  }

  const idFor = async (payload: TransferSubmission | DeleteSubmission, options?: CallOptions): Promise<string> => {
    if (payload.submission_id !== undefined) return requireUuid(payload.submission_id, 'submission_id')
    const id = kept.get(payload) ?? fetchId(options).then(({ value }) => value)
    kept.set(payload, id)
    return id.catch((error: unknown) => {
      kept.delete(payload)
      throw error
    })
  }

  const submit = async (payload: object, send: SendWithSdk, options?: CallOptions): Promise<unknown> => {
    const answer = await callService(connection, send, { ...options, idempotent: true })
    kept.delete(payload)
    return answer
  }

  return {
    submissionId: fetchId,
    async submitTransfer(given, options) {
      requireUuid(given.source_endpoint, 'source_endpoint')
      requireUuid(given.destination_endpoint, 'destination_endpoint')
      const payload = { ...given, submission_id: await idFor(given, options) }
      const answer = await submit(given, (own) => sdk.taskSubmission.submitTransfer({ payload }, own), options)
      // As the service documents it.
      return answer as TransferSubmitted
    },
    async submitDelete(given, options) {
      requireUuid(given.endpoint, 'endpoint')
      const payload = { ...given, submission_id: await idFor(given, options) }
      const answer = await submit(given, (own) => sdk.taskSubmission.submitDelete({ payload }, own), options)
      // As the service documents it.
      return answer as DeleteSubmitted
    },
  }
}
