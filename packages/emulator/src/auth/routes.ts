import type { Route } from '../routes.ts'
import { authCode } from './auth-code.ts'
import { authorize } from './authorize.ts'
import { showConsent, submitConsent } from './consent.ts'
import { discovery } from './discovery.ts'
import { introspect } from './introspect.ts'
import { jwks } from './jwks.ts'
import { showLogin, submitLogin } from './login.ts'
import { logout } from './logout.ts'
import { showMfa, submitMfa } from './mfa.ts'
import { revoke } from './revoke.ts'
import { token } from './token.ts'
import { userinfo } from './userinfo.ts'
import { validate } from './validate.ts'

/** The endpoints of login: OpenID Connect, tokens, and the pages on the way. */
export const authRoutes: readonly Route[] = [
  { method: 'GET', path: '/.well-known/openid-configuration', name: 'discovery', kind: 'api', handle: discovery },
  { method: 'GET', path: '/jwk.json', name: 'jwks', kind: 'api', handle: jwks },
  { method: 'GET', path: '/v2/oauth2/authorize', name: 'authorize', kind: 'page', handle: authorize },
  { method: 'GET', path: '/p/login', name: 'login', kind: 'page', handle: showLogin },
  { method: 'POST', path: '/p/login', name: 'login', kind: 'page', handle: submitLogin },
  { method: 'GET', path: '/p/consent', name: 'consent', kind: 'page', handle: showConsent },
  { method: 'POST', path: '/p/consent', name: 'consent', kind: 'page', handle: submitConsent },
  { method: 'GET', path: '/p/mfa', name: 'mfa', kind: 'page', handle: showMfa },
  { method: 'POST', path: '/p/mfa', name: 'mfa', kind: 'page', handle: submitMfa },
  { method: 'POST', path: '/v2/oauth2/token', name: 'token', kind: 'api', handle: token },
  { method: 'GET', path: '/v2/oauth2/userinfo', name: 'userinfo', kind: 'api', handle: userinfo },
  { method: 'POST', path: '/v2/oauth2/userinfo', name: 'userinfo', kind: 'api', handle: userinfo },
  { method: 'POST', path: '/v2/oauth2/token/revoke', name: 'revoke', kind: 'api', handle: revoke },
  { method: 'POST', path: '/v2/oauth2/token/introspect', name: 'introspect', kind: 'api', handle: introspect },
  { method: 'POST', path: '/v2/oauth2/token/validate', name: 'validate', kind: 'api', handle: validate },
  { method: 'GET', path: '/v2/web/logout', name: 'logout', kind: 'page', handle: logout },
  { method: 'GET', path: '/v2/web/auth-code', name: 'auth-code', kind: 'page', handle: authCode },
]
