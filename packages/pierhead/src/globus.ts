export { authClient, type AuthClient, type Identity } from './lib/globus/auth.ts'
export type { CallOptions, ClientOptions, ServiceClock } from './lib/globus/client-options.ts'
export {
  collectionClient,
  type CollectionClient,
  type CollectionOptions,
  type GetOptions,
  type PutOptions,
} from './lib/globus/collection.ts'
export type { Collection } from './lib/globus/collection-address.ts'
export type { CollectionFile, FileInfo } from './lib/globus/collection-file.ts'
export type { UploadBody } from './lib/globus/collection-request.ts'
export { flowsClient, type Flow, type FlowsClient, type Run } from './lib/globus/flows.ts'
export type {
  GuestCollectionChanges,
  ManagedCollection,
  NewGuestCollection,
  UserCredential,
} from './lib/globus/gcs-documents.ts'
export {
  gcsManagerClient,
  manageCollectionsScope,
  type GcsManagerClient,
  type GcsManagerOptions,
  type ManagedCollectionsQuery,
  type ManagedEndpoint,
} from './lib/globus/gcs-manager.ts'
export { groupsClient, type Group, type GroupsClient } from './lib/globus/groups.ts'
export type { List, Page } from './lib/globus/list.ts'
export type { Bindings } from './lib/globus/method-types.ts'
export type { Paging } from './lib/globus/paging.ts'
export { pickerUrl, type PickerOptions } from './lib/globus/picker.ts'
export { requirementsIn } from './lib/globus/requirements-in.ts'
export { scopes } from './lib/globus/scopes.ts'
export { searchClient, type SearchClient } from './lib/globus/search.ts'
export type { OtherCallOptions, OtherListOptions, ServiceCalls } from './lib/globus/service-calls.ts'
export type { NewSharedEndpoint, SharedEndpoints } from './lib/globus/shared-endpoint.ts'
export type {
  DeleteSubmission,
  DeleteSubmitted,
  TaskSubmission,
  TransferSubmission,
  TransferSubmitted,
} from './lib/globus/submission.ts'
export { timersClient, type TimerCreated, type TimersClient } from './lib/globus/timers.ts'
export type { TokenSource } from './lib/globus/token-source.ts'
export { transferClient, type TransferClient } from './lib/globus/transfer.ts'
export type { OperationResult, Task } from './lib/globus/transfer-documents.ts'
export type { WaitOptions } from './lib/globus/wait-for-task.ts'
