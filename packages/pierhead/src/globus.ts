export type { CallOptions, ClientOptions, ServiceClock } from './lib/globus/client-options.ts'
export type { List, Page } from './lib/globus/list.ts'
export type { Bindings } from './lib/globus/method-types.ts'
export type { Paging } from './lib/globus/paging.ts'
export { scopes } from './lib/globus/scopes.ts'
export type { OtherCallOptions, OtherListOptions, ServiceCalls } from './lib/globus/service-calls.ts'
export type {
  DeleteSubmission,
  DeleteSubmitted,
  TaskSubmission,
  TransferSubmission,
  TransferSubmitted,
} from './lib/globus/submission.ts'
export type { TokenSource } from './lib/globus/token-source.ts'
export { transferClient, type TransferClient } from './lib/globus/transfer.ts'
export type { OperationResult, Task } from './lib/globus/transfer-documents.ts'
export type { WaitOptions } from './lib/globus/wait-for-task.ts'
