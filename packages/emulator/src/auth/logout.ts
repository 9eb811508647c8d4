import type { EmulatorContext } from '../context.ts'
import { logOut } from './browser-session.ts'
import { logoutPage } from './pages/logout-page.ts'
import { respondPage } from './pages/respond.ts'
import { readReturnLink } from './return-link.ts'

/**
 * `GET /v2/web/logout`: ends the emulator's own session in this browser and nothing else; no token is revoked. It never redirects: with
 * an address that belongs to the client it shows "Continue to …".
 */
export function logout(browser: Request, context: EmulatorContext): Promise<Response> {
  const page = logoutPage(readReturnLink(new URL(browser.url).searchParams, context))
  return respondPage(page, { cookies: [logOut(browser, context)] })
}
