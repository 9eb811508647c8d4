import type { Pages } from 'pierhead'
import { texts } from '../texts.ts'
import type { Site } from './layout.ts'
import { loggedOutPage, logoutPage } from './logout.ts'
import { resumePage } from './resume.ts'
import { problemPage, type Problem } from './problem.ts'

/** Another login mends nothing here. */
const notMendedByLogin = new Set([
  'csrf_refused',
  'invalid_request',
  'method_not_allowed',
  'store_unavailable',
  'token_missing',
])

/** The pages of the login, in the look of the portal. */
export function loginPages(site: Site, requestId: () => string | undefined): Pages {
  return {
    error: ({ advice, code, loginUrl, status, title }) => {
      const text = code === 'login_required' ? texts.problems.logIn : texts.tryAgain
      const again = notMendedByLogin.has(code) ? undefined : { href: loginUrl, text }
      // The login answers with statuses that carry a body.
      const known = status as Problem['status']
      return problemPage(site, { advice, code, title, again, requestId: requestId(), status: known })
    },
    logout: (page) => logoutPage(site, page),
    loggedOut: (page) => loggedOutPage(site, page),
    resume: (page) => resumePage(site, page),
  }
}
