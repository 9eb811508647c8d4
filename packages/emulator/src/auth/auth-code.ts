import { codePage } from './pages/code-page.ts'
import { respondPage } from './pages/respond.ts'

/** `GET /v2/web/auth-code`: shows a code for copying into a program that has no address of its own. */
export function authCode(browser: Request): Promise<Response> {
  const query = new URL(browser.url).searchParams
  return respondPage(codePage({ code: query.get('code'), error: query.get('error_description') ?? query.get('error') }))
}
