import type { EmulatorContext } from '../context.ts'
import { readForm } from '../http/body.ts'
import type { Identity } from '../world/identities.ts'
import type { BrowserSession } from '../world/sessions.ts'
import { finishAttempt, forgetAttempt, progressOf, requireAttempt, type NamedAttempt } from './attempt.ts'
import { grantedRedirect, nextStep } from './authorization-steps.ts'
import { findBrowserSession } from './browser-session.ts'
import { mfaPage } from './pages/mfa-page.ts'
import { redirectAfterForm, redirectFromPage, respondPage } from './pages/respond.ts'
import { factorless } from './session-requirements.ts'

/** `GET /p/mfa`: a made-up second factor. */
export async function showMfa(browser: Request, context: EmulatorContext): Promise<Response> {
  const name = new URL(browser.url).searchParams.get('request') ?? undefined
  const named = requireAttempt(browser, name, context)
  const waiting = findWaiting(browser, named, context)
  return waiting === undefined ? redirectFromPage(`/p/login?request=${named.name}`) : showPage(named, waiting, context)
}

/** `POST /p/mfa`: the person says that it is them. */
export async function submitMfa(browser: Request, context: EmulatorContext): Promise<Response> {
  const form = await readForm(browser)
  const named = requireAttempt(browser, form.get('request'), context)
  const waiting = findWaiting(browser, named, context)
  if (waiting === undefined) return redirectAfterForm(`/p/login?request=${named.name}`)
  // Another tab may have logged somebody else in: what one person confirmed does not hold for another.
  if (!waiting.identity.mfa || form.get('identity') !== waiting.identity.id) return showPage(named, waiting, context)
  return confirm(named, waiting, context)
}

/** A login that lacks nothing but its second factor. */
interface Waiting {
  readonly session: BrowserSession
  readonly identity: Identity
}

function findWaiting(browser: Request, { attempt }: NamedAttempt, context: EmulatorContext): Waiting | undefined {
  const session = findBrowserSession(browser, context)
  if (session === undefined || nextStep(attempt.request, progressOf(attempt, session), context) !== 'mfa')
    return undefined
  const without = factorless(attempt.request, session, context)
  const identity = without.find(({ mfa }) => mfa) ?? without[0]
  return identity === undefined ? undefined : { session, identity }
}

function confirm({ name, attempt }: NamedAttempt, { session, identity }: Waiting, context: EmulatorContext): Response {
  const { world, clock } = context
  const login = session.authentications.find((authentication) => authentication.identity === identity.id)
  if (login !== undefined) world.sessions.authenticate(session.id, { ...login, mfa: true })
  const now = world.sessions.find(session.id, clock.now())
  const step = nextStep(attempt.request, progressOf(attempt, now), context)
  if (step !== 'done' || now === undefined) return redirectAfterForm(`/p/${step}?request=${name}`)
  finishAttempt(attempt, context)
  return redirectAfterForm(grantedRedirect(attempt.request, now, context), [forgetAttempt(name, context)])
}

function showPage(
  { name, attempt }: NamedAttempt,
  { identity }: Waiting,
  { world }: EmulatorContext,
): Promise<Response> {
  const client = world.clients.find(attempt.request.clientId)
  const page = mfaPage({ attempt: name, client, identity, message: attempt.request.sessionMessage })
  return respondPage(page, { formTarget: attempt.request.redirectUri })
}
