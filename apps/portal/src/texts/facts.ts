/** Words for what is known of something, and for what is not. */
export const facts = {
  notGiven: 'not given',
  hidden: 'hidden',
  name: 'Name',
  username: 'Username',
  email: 'Email',
  uuid: 'UUID',
  organization: 'Organization',
  provider: 'Identity provider',
  accessToken: 'Access token',
  refreshToken: 'Refresh token',
} as const
