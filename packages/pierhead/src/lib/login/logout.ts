import { endSessionUrl, globusLogoutPage, type EndSession } from '../oauth/end-session.ts'
import type { OutgoingCookie } from '../session/cookies.ts'
import type { HeldSession, RequestCookies } from '../session/session-keeper.ts'
import { jsonAnswer, redirectAnswer, type Answer } from './answer.ts'
import type { LoginContext } from './context.ts'
import { maskCsrfToken } from './csrf.ts'
import { forgetRounds } from './rounds.ts'
import { identityOf, tokenSetsOf } from './session-content.ts'

/** Milliseconds for the metadata that name the provider's logout page; they are nearly always in memory. */
const pageDeadline = 2000

/** Where Globus's logout page leads afterwards. */
export interface GlobusLogoutOptions {
  /** Absolute address that Globus's page links to. Default: `afterLogout` on the public origin. */
  readonly redirectUri?: string
  /** What that link is called. Default: the login's `name`. */
  readonly redirectName?: string
}

/** Globus's logout page with everything that it needs (S2.20). */
export function globusLogoutUrl(context: LoginContext, options: GlobusLogoutOptions = {}): string {
  return globusLogoutPage(context.provider, { ...comingBack(context), ...options })
}

/** GET changes nothing: it asks first, so that no foreign page can log anyone out (SEC-56). */
export function confirmLogout(context: LoginContext, held: HeldSession | undefined, loginUrl: string): Answer {
  const { settings, pages } = context
  const homeUrl = `${settings.basePath}/`
  if (held === undefined) return pages.loggedOut({ loginUrl, homeUrl })
  const csrfToken = maskCsrfToken(context.csrfSecrets(held.sid)[0])
  return pages.logout({ action: settings.logoutPath, csrfToken, name: settings.name, homeUrl })
}

/** The session here dies first; then every token, as far as the provider answers in time; then the login at the provider. */
export async function logOut(
  context: LoginContext,
  held: HeldSession | undefined,
  request: { cookies: RequestCookies; isNavigation: boolean },
): Promise<{ answer: Answer; cookies: OutgoingCookie[] }> {
  const last = await held?.end()
  if (held !== undefined && last !== undefined) {
    const subject = identityOf(last).claims.sub
    context.events.emit({ event: 'logout', level: 'info', message: 'A person logged out.', subject, sid: held.sid })
    await context.revocations.revoke([...tokenSetsOf(last), ...context.refresher.forget(held.sid)])
    context.revocations.drainSoon()
  }
  const signal = context.settings.clock.timeout(pageDeadline)
  const page = held === undefined ? undefined : await endSessionUrl(context.provider, comingBack(context), signal)
  const next = page ?? context.settings.afterLogout
  return {
    answer: request.isNavigation ? redirectAnswer(next) : jsonAnswer(200, { logout_url: next }),
    cookies: [...context.keeper.clear(request.cookies), ...forgetRounds(context, request.cookies)],
  }
}

function comingBack({ settings }: LoginContext): EndSession {
  return { redirectUri: `${settings.origin}${settings.afterLogout}`, redirectName: settings.name }
}
