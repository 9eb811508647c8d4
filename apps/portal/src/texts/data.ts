/** Words of the published datasets. */
export const data = {
  title: 'Data',
  lead: (name: string) =>
    `Datasets that ${name} publishes. Look at them here, download them, or copy them to where you work.`,
  none: 'No datasets are published yet. Whoever runs this portal lists them in portal.yaml, under “datasets”.',
  count: (count: number) => `${count} ${count === 1 ? 'dataset' : 'datasets'}`,
  restricted: 'Restricted',
  restrictedTitle: 'Not open to everybody; its page says what you need',
  about: 'About this dataset',
  licence: 'Licence:',
  collection: 'Collection:',
  folder: 'Folder:',
  keywords: 'Keywords:',
  contact: 'Contact:',
  citation: 'How to cite it',
  copy: 'Copy to my collection',
  copyHint: 'Globus copies from place to place by itself: you can close the window.',
  open: 'Open in Files',
  files: 'Files',
  path: 'Folder in this dataset',
  top: 'Top',
  name: 'Name',
  size: 'Size',
  modified: 'Modified',
  save: 'Download',
  saveFile: (name: string) => ` ${name}`,
  sum: (folders: number, files: number, size: string) =>
    [
      ...(folders > 0 ? [`${folders} ${folders === 1 ? 'folder' : 'folders'}`] : []),
      `${files} ${files === 1 ? 'file' : 'files'}${files > 0 ? `, ${size}` : ''}`,
    ].join(' and '),
  inThisFolder: 'in this folder',
  more: (shown: number) => `These are the first ${shown} entries. Open the folder in Files to see all.`,
  noEntries: 'This folder is empty.',
  logInForFiles: 'Globus lists files with your own rights, so log in to see them.',
  logIn: 'Log in to see the files',
  allowFiles:
    'Before this portal may look into this collection for you, Globus asks you to allow it. That is needed once.',
  allowFilesButton: 'Allow and list the files',
  refusedFiles:
    'Globus does not let you list this folder. Ask whoever looks after the dataset to give you the right to read it.',
  missingFolder: 'There is no such folder in this dataset. It may have been renamed.',
  offlineFiles: (reason: string) => `The files cannot be listed at the moment (${reason}). Try again in a few minutes.`,
  readme: 'Read me',
  closedReadme:
    'To show a README of the folder, if it has one, the portal needs your permission to read files. Globus asks you once.',
  allowReadme: 'Allow reading files',
  grant: {
    offer: 'You meet what this dataset asks for. Press it, and the portal tells Globus that you may read the files.',
    files: 'Globus lists the files once you have access: press “Get access” above.',
    button: 'Get access',
    done: {
      done: 'You have access now. Globus sometimes takes a moment until it counts everywhere.',
      there_already: 'You had this permission already.',
    },
    back: 'Back to the dataset',
    refused: {
      title: 'The portal could not give you access',
      advice:
        'You meet what the dataset asks for, but Globus does not let this portal give permissions there. That is not up to you.',
      need: 'The people who run this site have to allow it at Globus; their log says how.',
    },
    failed: {
      title: 'Globus did not answer',
      advice: 'It is not certain whether you have access now. Go back and look; if not, ask again in a minute.',
    },
  },
  unsafeName: 'A name that cannot be shown as an address',
} as const
