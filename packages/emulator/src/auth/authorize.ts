import type { EmulatorContext } from '../context.ts'
import type { AuthorizationRequest } from '../world/authorization-request.ts'
import { startAttempt } from './attempt.ts'
import { checkRequest, readAddress } from './authorization-request.ts'
import { RedirectError } from './authorization-error.ts'
import { grantedRedirect, nextStep, refusedRedirect } from './authorization-steps.ts'
import { findBrowserSession } from './browser-session.ts'
import { redirectFromPage } from './pages/respond.ts'

/** `GET /v2/oauth2/authorize`: where an app sends the browser to log somebody in. */
export function authorize(browser: Request, context: EmulatorContext): Response {
  const addressed = readAddress(new URL(browser.url).searchParams, context)
  try {
    const request = checkRequest(addressed, context)
    return request.prompt.includes('none')
      ? answerSilently(browser, request, context)
      : begin(browser, request, context)
  } catch (error) {
    if (error instanceof RedirectError) return redirectFromPage(refusedRedirect(addressed, error.error, error.message))
    throw error
  }
}

function begin(browser: Request, request: AuthorizationRequest, context: EmulatorContext): Response {
  const session = findBrowserSession(browser, context)
  const step = nextStep(request, { session, authenticatedAt: null, startedAt: null }, context)
  if (step === 'done' && session !== undefined) return redirectFromPage(grantedRedirect(request, session, context))
  const { name, cookies } = startAttempt(browser, request, context)
  return redirectFromPage(`/p/${step}?request=${name}`, cookies)
}

/** `prompt=none`: no page may be shown (OpenID Connect Core section 3.1.2.6). */
function answerSilently(browser: Request, request: AuthorizationRequest, context: EmulatorContext): Response {
  const session = findBrowserSession(browser, context)
  const step = nextStep(request, { session, authenticatedAt: null, startedAt: null }, context)
  if (step === 'login' || session === undefined)
    throw new RedirectError('login_required', 'The person is not logged in.')
  if (step === 'mfa') throw new RedirectError('interaction_required', 'A second factor is required.')
  if (step === 'consent') throw new RedirectError('consent_required', 'The person has not consented.')
  return redirectFromPage(grantedRedirect(request, session, context))
}
