/** Words of the account page that came after its first ones. */
export const account = {
  admin: 'You run this portal:',
  adminLink: 'settings, sessions and refusals',
  linked: 'Linked identities',
  linkedHint: 'One person, known by several organizations. What any of them may see, you may see here.',
  notLinked: 'No other identity is linked to this one.',
  manageLinked: 'Link or unlink identities at Globus',
  from: 'From',
  lastLogin: 'last login there',
  neverUsed: 'not used here yet',
  consents: 'See and withdraw what you allowed at Globus',
  renew: 'Renew now',
  renewOf: (service: string) => ` the token for ${service}`,
  giveBack: 'Give back',
  giveBackOf: (service: string) => ` the token for ${service}`,
  done: {
    'session-ended': 'That browser is logged out.',
    'session-gone': 'That browser was logged out already.',
    'token-renewed': 'The access token was renewed; the one before it is not used any more.',
    'token-kept': 'The access token was not renewed: it is new enough, or Globus gives no other without a login.',
    'token-revoked': 'The tokens were given back and do not work any more. What needs them will ask you again.',
  },
} as const
