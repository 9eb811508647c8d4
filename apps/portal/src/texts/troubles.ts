/** What keeps a transfer from going on, by Transfer's code, and what helps. A code that is not here is shown with Transfer's own words. */
export const troubles: Readonly<Record<string, string>> = {
  CONNECT_FAILED: 'A collection does not answer. Globus tries again until the deadline.',
  CONNECTION_RESET: 'The connection between the collections was interrupted. Globus tries again by itself.',
  FILE_NOT_FOUND: 'A file is not there any more: it was renamed or deleted after the transfer was started.',
  GC_NOT_CONNECTED: 'One of the computers is off, asleep or without a network. The transfer goes on when it is back.',
  GC_PAUSED: 'Globus Connect is paused on one of the computers. The transfer goes on when it is not any more.',
  NO_CREDENTIALS: 'Globus needs your consent or a login to go on.',
  NO_SPACE_LEFT: 'There is no room left where the files go. Make room, and the transfer goes on.',
  PAUSED: 'Somebody who manages a collection has paused the transfer.',
  PAUSED_BY_ADMIN: 'Somebody who manages a collection has paused the transfer.',
  PERMISSION_DENIED:
    'You may not read a file or write to a folder of this transfer. Ask the owner of the collection, or choose another folder.',
  QUOTA_EXCEEDED: 'Your share of the storage is full where the files go. Make room, and the transfer goes on.',
  VERIFY_CHECKSUM: 'A file was not the same after it was copied: it was changed meanwhile, or it is copied once more.',
}
