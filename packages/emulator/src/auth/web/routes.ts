import type { Route } from '../../routes.ts'
import { rescindConsent, showConsents } from './consents.ts'
import { showIdentities } from './identities.ts'
import { showSignIn, submitSignIn } from './sign-in.ts'

/** The pages of Globus Auth that people open themselves, or apps link to. */
export const webRoutes: readonly Route[] = [
  { method: 'GET', path: '/p/sign-in', name: 'sign-in', kind: 'page', handle: showSignIn },
  { method: 'POST', path: '/p/sign-in', name: 'sign-in', kind: 'page', handle: submitSignIn },
  { method: 'GET', path: '/v2/web/consents', name: 'web-pages', kind: 'page', handle: showConsents },
  { method: 'POST', path: '/v2/web/consents', name: 'web-pages', kind: 'page', handle: rescindConsent },
  { method: 'GET', path: '/v2/web/identities', name: 'web-pages', kind: 'page', handle: showIdentities },
]
