/** Words of the frame around every page. */
export const shell = {
  skip: 'Skip to content',
  mainNavigation: 'Main',
  home: 'Home',
  data: 'Data',
  search: 'Search',
  collections: 'Collections',
  transfers: 'Transfers',
  groups: 'Groups',
  account: 'Account',
  login: 'Log in',
  logout: 'Logout',
  globusInUse: 'Globus in use:',
  madeUp: '. Everybody there is made up.',
  notAffiliated: 'Not affiliated with Globus or the University of Chicago.',
} as const
