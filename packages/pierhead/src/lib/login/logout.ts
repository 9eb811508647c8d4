import type { OutgoingCookie } from '../session/cookies.ts'
import type { HeldSession, RequestCookies } from '../session/session-keeper.ts'
import { jsonAnswer, redirectAnswer, type Answer } from './answer.ts'
import type { LoginContext } from './context.ts'
import { maskCsrfToken } from './csrf.ts'
import { forgetRounds } from './rounds.ts'
import { identityOf, tokenSetsOf } from './session-content.ts'

export interface GlobusLogoutOptions {
  /** Absolute address that Globus's page links to. Default: `afterLogout` on the public origin. */
  readonly redirectUri?: string
  /** What that link is called. Default: the login's `name`. */
  readonly redirectName?: string
}

/**
 * Globus's logout page, which ends the login at Globus itself. It does not come back by itself: it shows a link.
 * Source: docs.globus.org/api/helper-pages/auth.
 */
export function globusLogoutUrl(context: LoginContext, options: GlobusLogoutOptions = {}): string {
  const { settings } = context
  const url = new URL(`${settings.issuer}/v2/web/logout`)
  url.searchParams.set('client_id', settings.clientId)
  url.searchParams.set('redirect_uri', options.redirectUri ?? `${settings.origin}${settings.afterLogout}`)
  url.searchParams.set('redirect_name', options.redirectName ?? settings.name)
  return url.href
}

/** GET changes nothing: it asks first, so that no foreign page can log anyone out (SEC-56). */
export function confirmLogout(context: LoginContext, held: HeldSession | undefined, loginUrl: string): Answer {
  const { settings, pages } = context
  const homeUrl = `${settings.basePath}/`
  if (held === undefined) return pages.loggedOut({ loginUrl, homeUrl })
  const csrfToken = maskCsrfToken(identityOf(held.view.content).csrfSecret)
  return pages.logout({ action: settings.logoutPath, csrfToken, name: settings.name, homeUrl })
}

/** The session here dies first; then every token, as far as the provider answers in time; then the login at Globus. */
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
  }
  const next = held === undefined ? context.settings.afterLogout : globusLogoutUrl(context)
  return {
    answer: request.isNavigation ? redirectAnswer(next) : jsonAnswer(200, { logout_url: next }),
    cookies: [...context.keeper.clear(request.cookies), ...forgetRounds(context, request.cookies)],
  }
}
