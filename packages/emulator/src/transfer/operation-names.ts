/** The operations of Transfer that count as endpoints of their own for faults. */
export const transferOperations = [
  'endpoint-search',
  'endpoint',
  'ls',
  'stat',
  'mkdir',
  'rename',
  'symlink',
  'submission-id',
  'submit-transfer',
  'submit-delete',
  'task-list',
  'task',
  'task-cancel',
  'task-history',
  'access-rules',
  'roles',
  'bookmarks',
  'pause-rules',
  'https-read',
  'https-write',
  'https-delete',
  'gcs-manager',
  'not-imitated',
] as const

export type TransferOperation = (typeof transferOperations)[number]
