/** Words of the files page. */
export const files = {
  title: 'Files',
  collection: 'Collection',
  pane: { left: 'left', right: 'right' },
  top: 'Top folder',
  crumbs: 'Folder',
  up: 'Up',
  openSecond: 'Open a second pane',
  closeSecond: 'Close the second pane',
  swap: 'Swap',
  change: 'Another collection',
  keep: 'Leave it as it was',
  chooseTitle: 'Choose a collection',
  chooseLead: 'Recently used and own collections, or search for another.',
  chooseEmpty: 'Nothing matches. Try fewer or shorter words.',
  filter: 'Filter by name',
  filterButton: 'Filter',
  clearFilter: 'Show all',
  showHidden: 'Show hidden',
  hideHidden: 'Hide hidden',
  newFolder: 'New folder',
  newFolderName: 'Name of the new folder',
  create: 'Create',
  bookmark: 'Bookmark',
  upload: 'Upload',
  uploadFolder: 'Upload a folder',
  uploadHint: 'or drop files and folders here',
  enable: 'Enable upload and download',
  enableWhy: 'This asks Globus once to let the portal read and write files of this collection for you.',
  noHttps:
    'Files of this collection cannot be opened in the browser: it has no HTTPS server. Copy them to another collection.',
  columns: { name: 'Name', size: 'Size', modified: 'Modified (UTC)' },
  sortedUp: 'sorted upwards',
  sortedDown: 'sorted downwards',
  select: 'Select',
  chosen: 'Chosen',
  selectAll: 'Select everything that is shown',
  folder: 'Folder',
  caption: (collection: string, path: string) => `Content of ${path} on ${collection}`,
  count: (shown: number, total: number) =>
    shown === total ? `${total} ${total === 1 ? 'item' : 'items'}` : `${shown} of ${total} items`,
  selected: (count: number) => (count === 0 ? 'Nothing selected' : `${count} selected`),
  tooMany: 'That is more than one form can hold. Choose the folder that contains it instead.',
  loadingAll: (shown: number, total: number) => `Showing ${shown} of ${total}; loading the rest…`,
  pages: 'Pages of this folder',
  pageOf: (page: number, pages: number) => `Page ${page} of ${pages}`,
  previous: 'Previous',
  next: 'Next',
  copyHere: 'Copy to the other pane',
  copyTo: 'Copy to…',
  rename: 'Rename',
  remove: 'Delete',
  download: 'Download',
  emptyFolder: 'This folder is empty.',
  emptyFolderUpload: 'This folder is empty. Drop files or folders here to upload them.',
  noMatch: (filter: string) => `No name here holds “${filter}”.`,
  readOnly: 'Read-only for you',
  readOnlyTitle: 'Globus did not let you write into this folder a moment ago. Ask whoever manages the collection.',
  keys: 'Arrow keys move, Space selects, Shift with arrows selects several, Enter opens, Backspace goes up.',
  done: {
    'folder-created': 'The folder is there.',
    renamed: 'The name is changed.',
    bookmarked: 'The folder is among your bookmarks.',
    enabled: 'Upload and download are enabled.',
    deleting: 'Globus is deleting what you chose. It may take a moment until it is gone from the list.',
    unshared: 'The guest collection is gone. The files are still here.',
    again: 'That was sent before; it is not done twice.',
    'not-repeated':
      'Globus tells what a transfer copied, not what was chosen, and this one was not started here or is too long ago. ' +
      'Here are its two collections, to choose again.',
  },
  taskLink: 'Watch it',
} as const

/** Words of pages that ask before something is changed. */
export const fileActions = {
  back: 'Back to the folder',
  cancel: 'Leave it as it is',
  deleteTitle: (count: number) => (count === 1 ? 'Delete this?' : `Delete ${count} items?`),
  deleteLead: 'Folders go with everything in them. Globus keeps no copy.',
  deleteFrom: (collection: string, path: string) => `From ${path} on ${collection}:`,
  deleteButton: 'Delete for good',
  andMore: (count: number) => `and ${count} more`,
  renameTitle: 'Rename',
  renameLabel: 'New name',
  renameButton: 'Rename',
  nothingSelected: {
    title: 'Nothing is selected',
    advice: 'Go back, tick what you mean, and press the button again.',
  },
  oneForRename: {
    title: 'Choose one thing to rename',
    advice: 'Only one file or folder is renamed at a time. Go back and tick just that one.',
  },
  badName: {
    title: 'This cannot be a name',
    advice:
      'A name has 1 to 255 characters, no slash and no line break, and is not a dot or two. Go back and choose another.',
  },
  deleteLabel: 'Deleted in the data portal',
} as const

interface Words {
  readonly title: string
  readonly advice: string
}

/** What a person reads when a collection or a file cannot be used, by the reason. */
export const fileFailures: Readonly<Record<string, Words>> = {
  denied: {
    title: 'You may not do this here',
    advice:
      'The owner of the collection has not given you the right for it. Ask them, and tell them your username; Account shows it.',
  },
  'other-identity': {
    title: 'This collection wants another identity of you',
    advice:
      'None of the identities that this portal knows of you is of the organization that holds the data. If you have such an identity, log in with it, or link it to your others at Globus. If not, ask the owner of the collection.',
  },
  'no-collection': {
    title: 'There is no such collection',
    advice: 'It was deleted, or you may not know of it. Search under Collections, or ask whoever gave you the address.',
  },
  'no-folder': {
    title: 'There is no such folder',
    advice: 'It may have been renamed, moved or deleted. Open the folder above, or begin at the top.',
  },
  'no-file': {
    title: 'There is no such file',
    advice: 'It may have been renamed, moved or deleted. Open its folder to see what is there.',
  },
  'not-a-folder': {
    title: 'This is a file, not a folder',
    advice: 'Open it as a file, or go to the folder that holds it.',
  },
  offline: {
    title: 'This collection is not connected',
    advice:
      'Its computer is switched off, asleep or without a network. Ask its owner to start Globus Connect, then try again.',
  },
  'too-many': {
    title: 'This folder has more than 100,000 entries',
    advice: 'Globus does not list so many. Open a subfolder by its address, or ask the owner to split the folder.',
  },
  paused: {
    title: 'The operator has paused this collection',
    advice: 'That is usually for maintenance. Try again later.',
  },
  unsupported: {
    title: 'This storage cannot do that',
    advice: 'Try to copy or upload instead, or use another collection.',
  },
  exists: {
    title: 'There is something of that name already',
    advice: 'Go back and choose another name.',
  },
  full: {
    title: 'There is no room left on this storage',
    advice: 'Delete what is not needed any more, or use another collection.',
  },
  unreachable: {
    title: 'Globus does not answer',
    advice: 'That is seldom for long. Nothing was changed; try again in a minute.',
  },
  'no-https': {
    title: 'Files of this collection cannot be opened in the browser',
    advice: 'It has no HTTPS server. Copy the file to a collection that has one, or to your own computer.',
  },
  'odd-name': {
    title: 'This name does not travel over the web',
    advice:
      'It holds a line break or another control character. Rename the file first, or copy it to another collection.',
  },
  other: {
    title: 'The storage refused this',
    advice: 'What it said stands below. Its owner or operator can tell more.',
  },
}
