/** Words of the pages about logging out. */
export const logout = {
  title: 'Log out?',
  ask: (site: string) => `Log out of ${site}?`,
  advice:
    'The portal forgets you, gives back every token it holds for you in this browser, and then takes you to Globus, which ends ' +
    'your login there too.',
  logOut: 'Log out',
  stay: 'Stay logged in',
  done: 'You are logged out',
  doneAdvice: 'This browser holds nothing of you any more. On a shared computer, close it as well.',
  next: 'What to do next',
  again: 'Log in again',
} as const
