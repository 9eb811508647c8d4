import type { PaginatedResponse } from '@globus/sdk/services/transfer/types'
import type { FileListDocument } from '@globus/sdk/services/transfer/service/file-operations'
import type { TaskDocument } from '@globus/sdk/services/transfer/service/task'

/** A task, with what the SDK's type leaves out. `is_ok` and `nice_status` are null once the task has ended. */
export type Task = TaskDocument & {
  is_ok: boolean | null
}

/** The answer to an operation. */
export interface OperationResult<Code extends string> {
  readonly DATA_TYPE: string
  readonly code: Code
  readonly message: string
  readonly request_id: string
  readonly resource: string
}

/** Answers that the SDK types wrongly, or not at all. */
export interface TransferFixes {
  readonly fileOperations: {
    readonly ls: FileListDocument
    readonly mkdir: OperationResult<'DirectoryCreated'>
    readonly rename: OperationResult<'FileRenamed'>
    readonly symlink: OperationResult<string>
  }
  readonly task: {
    readonly get: Task
    readonly getAll: PaginatedResponse<'Offset', { DATA_TYPE: 'task_list'; DATA: Task[]; total: number }>
    /** `CancelAccepted`: not ended yet, ask again. `TaskComplete`: it had ended before. */
    readonly cancel: OperationResult<'Canceled' | 'CancelAccepted' | 'TaskComplete'>
    readonly remove: OperationResult<string>
  }
  readonly access: {
    /** The rule itself is not in the answer. */
    readonly create: OperationResult<'Created'> & { readonly access_id: string }
  }
}
