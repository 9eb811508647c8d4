import type { EmulatorContext } from '../context.ts'
import { readForm } from '../http/body.ts'
import type { ConsentRequest } from '../world/consents.ts'
import type { BrowserSession } from '../world/sessions.ts'
import { finishAttempt, forgetAttempt, progressOf, requireAttempt, type NamedAttempt } from './attempt.ts'
import { consentsOf, grantedRedirect, nextStep, refusedRedirect } from './authorization-steps.ts'
import { findBrowserSession } from './browser-session.ts'
import { withoutDeclined } from './optional-consents.ts'
import { consentPage } from './pages/consent-page.ts'
import { redirectAfterForm, redirectFromPage, respondPage } from './pages/respond.ts'

/** `GET /p/consent`: may this app do that? */
export async function showConsent(browser: Request, context: EmulatorContext): Promise<Response> {
  const name = new URL(browser.url).searchParams.get('request') ?? undefined
  const named = requireAttempt(browser, name, context)
  const session = findReadySession(browser, named, context)
  return session === undefined ? redirectFromPage(`/p/login?request=${named.name}`) : showPage(named, session, context)
}

/** `POST /p/consent`: the person decided. */
export async function submitConsent(browser: Request, context: EmulatorContext): Promise<Response> {
  const form = await readForm(browser)
  const named = requireAttempt(browser, form.get('request'), context)
  const session = findReadySession(browser, named, context)
  if (session === undefined) return redirectAfterForm(`/p/login?request=${named.name}`)
  // Another tab may have logged somebody else in: what one person saw, another must not allow.
  if (form.get('account') !== session.account) return showPage(named, session, context)
  const decision = form.get('decision')
  if (decision !== 'allow' && decision !== 'deny') return showPage(named, session, context)
  const allowed = decision === 'allow' ? withoutDeclined(consentsOf(named.attempt.request, context), form) : []
  return decide(named, { session, allowed }, context)
}

interface Decision {
  readonly session: BrowserSession
  /** Empty when everything was declined. */
  readonly allowed: readonly ConsentRequest[]
}

function decide({ name, attempt }: NamedAttempt, { session, allowed }: Decision, context: EmulatorContext): Response {
  const { request } = attempt
  finishAttempt(attempt, context)
  const cookies = [forgetAttempt(name, context)]
  if (allowed.length === 0) {
    return redirectAfterForm(
      refusedRedirect(request, 'access_denied', 'The resource owner or authorization server denied the request.'),
      cookies,
    )
  }
  const owner = { client: request.clientId, identity: session.account }
  const { world, clock } = context
  world.transaction(() => world.consents.grant(owner, allowed, clock.now()))
  return redirectAfterForm(grantedRedirect(request, session, context), cookies)
}

/** The browser's session, unless somebody has to log in first. */
function findReadySession(
  browser: Request,
  { attempt }: NamedAttempt,
  context: EmulatorContext,
): BrowserSession | undefined {
  const session = findBrowserSession(browser, context)
  const step = nextStep(attempt.request, progressOf(attempt, session), context)
  return step === 'login' || step === 'mfa' ? undefined : session
}

function showPage(
  { name, attempt }: NamedAttempt,
  session: BrowserSession,
  context: EmulatorContext,
): Promise<Response> {
  const page = consentPage({
    attempt: name,
    client: context.world.clients.find(attempt.request.clientId),
    person: context.world.identities.find(session.account),
    consents: consentsOf(attempt.request, context),
    request: attempt.request,
  })
  return respondPage(page, { formTarget: attempt.request.redirectUri })
}
