import type { EmulatorContext } from '../context.ts'
import { readForm, type Parameters } from '../http/body.ts'
import { equalsSecret } from '../http/client-authentication.ts'
import { CLIENT_IDENTITY_PROVIDER, type Identity } from '../world/identities.ts'
import { finishAttempt, forgetAttempt, progressOf, requireAttempt, type NamedAttempt } from './attempt.ts'
import { grantedRedirect, nextStep } from './authorization-steps.ts'
import { findBrowserSession, logIn } from './browser-session.ts'
import { loginPage, type FailedLogin } from './pages/login-page.ts'
import { redirectAfterForm, respondPage } from './pages/respond.ts'
import { needsPassword } from './needs-password.ts'
import { candidates, describeDemands } from './session-requirements.ts'

/** `GET /p/login`: who are you? */
export function showLogin(browser: Request, context: EmulatorContext): Promise<Response> {
  const name = new URL(browser.url).searchParams.get('request') ?? undefined
  return showPage(requireAttempt(browser, name, context), context)
}

/** `POST /p/login`: a person was chosen, or a username and password typed. */
export async function submitLogin(browser: Request, context: EmulatorContext): Promise<Response> {
  const form = await readForm(browser)
  const named = requireAttempt(browser, form.get('request'), context)
  const identity = identify(form, context)
  if (identity === undefined) return showPage(named, context, failureOf(form, context))
  const { session, setCookie } = logIn(identity, findBrowserSession(browser, context), context)
  context.world.attempts.recordLogin(named.attempt.id, session.account, context.clock.now())
  return proceed(named, { session, setCookie }, context)
}

/** Goes on after a login that was just made: to the next page, or back to the app. */
function proceed({ name, attempt }: NamedAttempt, login: ReturnType<typeof logIn>, context: EmulatorContext): Response {
  const { session, setCookie } = login
  const step = nextStep(
    attempt.request,
    { ...progressOf(attempt, session), authenticatedAt: context.clock.now() },
    context,
  )
  if (step !== 'done') return redirectAfterForm(`/p/${step}?request=${name}`, [setCookie])
  finishAttempt(attempt, context)
  return redirectAfterForm(grantedRedirect(attempt.request, session, context), [
    setCookie,
    forgetAttempt(name, context),
  ])
}

/** Who a login form names, if the password fits or none was asked for. */
export function identify(form: Parameters, { world }: EmulatorContext): Identity | undefined {
  const chosen = form.get('identity')
  if (chosen !== undefined) {
    const identity = world.identities.find(chosen)
    if (identity?.status !== 'used' || identity.identityProvider === CLIENT_IDENTITY_PROVIDER) return undefined
    return needsPassword(identity, world) === undefined ? identity : undefined
  }
  const identity = world.identities.findByUsername((form.get('username') ?? '').trim())
  if (identity === undefined || identity.password === null) return undefined
  return equalsSecret(identity.password, form.get('password') ?? '') ? identity : undefined
}

/** What a login form lacks that names nobody. */
export function failureOf(form: Parameters, { world }: EmulatorContext): FailedLogin {
  const chosen = world.identities.find(form.get('identity') ?? '')
  const reason = chosen === undefined ? undefined : needsPassword(chosen, world)
  return chosen === undefined || reason === undefined
    ? { username: form.get('username') ?? '', wants: undefined }
    : { username: chosen.username, wants: reason }
}

function showPage({ name, attempt }: NamedAttempt, context: EmulatorContext, failed?: FailedLogin): Promise<Response> {
  const page = loginPage({
    form: { action: '/p/login', fields: { request: name } },
    app: context.world.clients.find(attempt.request.clientId)?.name ?? 'the app',
    people: candidates(attempt.request, context),
    message: attempt.request.sessionMessage,
    demands: describeDemands(attempt.request, context),
    failed,
    context,
  })
  const status = failed === undefined ? 200 : 401
  return respondPage(page, { status, formTarget: attempt.request.redirectUri })
}
