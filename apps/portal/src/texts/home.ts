/** Words of the home page. */
export const home = {
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
