/** Words of the home page. */
export const home = {
  title: 'Research data, with authentication delegated to Globus\u00a0Auth',
  lead: 'Log in with the organization you already belong to. This portal never sees your password, and keeps no account of its own.',
  logIn: 'Login to Globus',
  how: 'How logging in works',
  steps: [
    {
      title: 'You go to Globus',
      text: 'Choose your university, laboratory, ORCID or Globus ID, and log in there as you always do.',
    },
    {
      title: 'You say what is allowed',
      text: 'Globus lists what this portal asks for: your name and e-mail address, and moving data on your behalf.',
    },
    {
      title: 'You come back',
      text: 'What Globus hands over stays on the server, sealed. Logging out takes it back, here and at Globus.',
    },
  ],
  demonstration: {
    title: 'You are on a demonstration',
    text:
      'This portal talks to a Globus that runs on this machine. Its people are made up: pick one, no password is needed, and ' +
      'nothing you do leaves the machine.',
  },
  hello: (name: string) => `Hello ${name}!`,
  knownThrough: (provider: string) => `Globus Auth knows you through ${provider}.`,
  known: 'Globus Auth knows who you are.',
  you: 'What this portal knows about you',
  manage: 'Tokens and sessions',
  look: 'Look at the data',
  onward: 'Where to go',
  ways: {
    data: 'Datasets that are published here, with their descriptions, licences and files.',
    search: 'Records by words, narrowed down by what is known of them.',
    collections: 'Everything that you may see in Globus: open it, upload, download, share.',
    transfers: 'What Globus copies for you at the moment, and what it has done.',
    groups: 'The groups you are in, and who else is.',
  },
} as const
