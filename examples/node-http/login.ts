import { createLogin } from 'pierhead'
import { scopes } from 'pierhead/globus'

const { GLOBUS_CLIENT_ID = '', GLOBUS_CLIENT_SECRET = '', GLOBUS_REDIRECT_URI = '', SESSION_SECRET = '' } = process.env

export const login = createLogin({
  name: 'Tide Viewer',
  clientId: GLOBUS_CLIENT_ID,
  clientSecret: GLOBUS_CLIENT_SECRET,
  redirectUri: GLOBUS_REDIRECT_URI,
  scopes: [scopes.openid, scopes.profile, scopes.email, scopes.transfer.all],
  session: { secrets: [SESSION_SECRET] },
})
