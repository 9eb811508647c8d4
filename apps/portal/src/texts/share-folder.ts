/** Words of the page that makes a guest collection of a folder. */
export const shareFolder = {
  link: 'Share this folder',
  title: (folder: string) => `Share ${folder}`,
  lead: 'Give others access to this folder without copying it.',
  how: 'Globus makes a guest collection of the folder: a collection of its own that shows this folder and what is in it, nothing beside or above. Nobody but you may use it until you let them in. That is the next step.',
  folder: 'Folder',
  on: 'on',
  name: 'Name of the new collection',
  nameHint: 'What others see in lists and mails, at most 128 characters.',
  description: 'Description',
  keywords: 'Keywords',
  keywordsHint: 'With commas between them. Search finds them.',
  optional: '(not needed)',
  account: 'Account on the storage',
  accountHint: 'Others will read with the rights of this account, where you let them.',
  listed: 'List it, so that everybody at Globus finds its name',
  listedHint: 'Files stay closed to whoever has no permission.',
  button: 'Make the guest collection',
  back: 'Back to the folder',
  done: {
    made: 'The guest collection is made. Now say who may use it.',
    'made-before': 'This guest collection was made before; it is not made twice. Here is who may use it.',
  },
  wrong: {
    name: 'Give the collection a name of 1 to 128 characters, on one line.',
    description: 'The description can have at most 4,000 characters.',
    keywords: 'The keywords can have at most 1,000 characters in all.',
    account: 'Choose one of your accounts on this storage.',
    taken: (name: string) =>
      `You have a guest collection called “${name}” here, made of another folder. Choose another name.`,
    refused: 'Globus could not take this.',
  },
  inProgress: {
    title: 'This is being made already',
    advice:
      'You sent the same form before, and Globus has not answered yet. Look in a minute whether the collection is there, before you send it again.',
  },
  takenLink: 'Open the one that exists',
  end: {
    link: 'Take this collection away…',
    title: (name: string) => `Stop sharing ${name}?`,
    lead: 'The guest collection and all its permissions go. The files stay where they are.',
    what: 'Whoever uses it loses access at once, and its address leads nowhere. A collection that is made of the same folder later is another one: permissions have to be given anew.',
    button: 'Take it away',
    keep: 'Leave it as it is',
  },
  failures: {
    'not-yours': {
      title: 'You cannot take this collection away',
      advice: 'That is for whoever owns or administers a guest collection. Ask them.',
    },
    'no-kind': {
      title: 'Folders here cannot be shared this way',
      advice:
        'Guest collections are made on mapped collections, and on your own computer with Globus Connect Personal.',
    },
    'sharing-off': {
      title: 'This storage allows no guest collections',
      advice:
        'Its administrator has not turned sharing on. Ask them for it, or copy the folder to a collection where you may share, and share it there.',
    },
    'no-account': {
      title: 'You have no account on this storage',
      advice:
        'A guest collection reads with an account of yours, and Globus finds none that works. Open the collection once in the Globus web app, where “Credentials” shows what is missing, or ask the administrator of the storage.',
    },
    'no-subscription': {
      title: 'Sharing needs a Globus subscription here',
      advice:
        'The server of this collection is not covered by one. Ask its administrator, or share from another collection.',
    },
    'not-trusted': {
      title: 'The portal does not trust the server of this collection',
      advice:
        'The address that Globus has for its manager is not one that your token may be sent to. Nothing was sent. Tell the people who run this site.',
    },
    'share-denied': {
      title: 'You may not share this folder',
      advice:
        'The storage refused it. Ask the administrator of the collection, and tell them your username; Account shows it.',
    },
  },
} as const
