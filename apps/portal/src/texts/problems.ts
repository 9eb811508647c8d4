/** Words of pages about what could not be done. */
export const problems = {
  whatToDo: 'What to do',
  home: 'Back to the home page',
  code: 'Code',
  request: 'Request',
  logIn: 'Log in',
  notFound: {
    title: 'There is no such page',
    advice: 'The address may be mistyped, or the page has moved. The home page is the best place to start again.',
  },
  failed: {
    title: 'Something went wrong on this site',
    advice: 'It is not your fault, and nothing was changed. Please try again in a few minutes.',
  },
  tooLarge: {
    title: 'This request is too large',
    advice: (kilobytes: number) => `A form of this site holds at most ${kilobytes} kB. Go back and send less.`,
  },
  noToken: {
    title: 'There is no such token',
    advice: 'The portal holds no token of that service for you. Go back to your account and choose one that is listed.',
  },
  notRevealed: {
    title: 'Tokens are not shown here',
    advice: 'This portal keeps access tokens on the server. Only a portal that was started for development shows them.',
  },
} as const
