import type { EmulatorContext } from '../../context.ts'
import { readForm } from '../../http/body.ts'
import { findBrowserSession, logIn } from '../browser-session.ts'
import { failureOf, identify } from '../login.ts'
import { loginPage, type FailedLogin } from '../pages/login-page.ts'
import { redirectAfterForm, respondPage } from '../pages/respond.ts'

/** `GET /p/sign-in`: who are you? For the pages of Globus Auth itself, which no app asks for. */
export function showSignIn(browser: Request, context: EmulatorContext): Promise<Response> {
  return showPage({ next: nextPage(new URL(browser.url).searchParams.get('next'), context) }, context)
}

/** `POST /p/sign-in`: a person was chosen, or a username and password typed. */
export async function submitSignIn(browser: Request, context: EmulatorContext): Promise<Response> {
  const form = await readForm(browser)
  const next = nextPage(form.get('next') ?? null, context)
  const identity = identify(form, context)
  if (identity === undefined) return showPage({ next, failed: failureOf(form, context) }, context)
  const { setCookie } = logIn(identity, findBrowserSession(browser, context), context)
  return redirectAfterForm(next, [setCookie])
}

/** The page to go on to: one of Globus Auth's own, whatever the address says. */
function nextPage(next: string | null, { issuer }: EmulatorContext): string {
  const home = '/v2/web/identities'
  if (next === null || !URL.canParse(next, issuer)) return home
  const { origin, pathname, search } = new URL(next, issuer)
  return origin === issuer && ownPages.test(pathname) ? pathname + search : home
}

const ownPages = /^\/(v2\/web\/|file-manager$|helpers\/browse-collections$|activity\/)/

interface SignIn {
  readonly next: string
  readonly failed?: FailedLogin
}

function showPage({ next, failed }: SignIn, context: EmulatorContext): Promise<Response> {
  const page = loginPage({
    form: { action: '/p/sign-in', fields: { next } },
    app: 'Globus Auth',
    people: context.world.identities.people(),
    message: null,
    demands: [],
    failed,
    context,
  })
  return respondPage(page, { status: failed === undefined ? 200 : 401 })
}
