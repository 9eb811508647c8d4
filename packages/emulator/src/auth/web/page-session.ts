import type { EmulatorContext } from '../../context.ts'
import type { BrowserSession } from '../../world/sessions.ts'
import { findBrowserSession } from '../browser-session.ts'
import { redirectFromPage } from '../pages/respond.ts'

/** Does a page's work for the person who is logged in; anybody else logs in first and comes back. */
export function withSession(
  browser: Request,
  context: EmulatorContext,
  work: (session: BrowserSession) => Promise<Response>,
): Promise<Response> {
  const session = findBrowserSession(browser, context)
  if (session !== undefined) return work(session)
  const { pathname, search } = new URL(browser.url)
  const next = browser.method === 'GET' ? pathname + search : pathname
  return Promise.resolve(redirectFromPage(`/p/sign-in?${new URLSearchParams({ next })}`))
}
