import type { EmulatorContext } from './context.ts'
import { personOnPage } from './person-on-page.ts'
import { answerForm } from './user-agent.ts'

/**
 * With `autoLogin` or `autoConsent`, answers a page in the place of the person: sends its form as the button would. A page that does
 * not offer what is wished, for instance because another identity is required, stays for the person.
 */
export async function pressForPerson(
  request: Request,
  response: Response,
  { context, send }: { context: EmulatorContext; send: (request: Request) => Promise<Response> },
): Promise<Response> {
  const { autoLogin, autoConsent } = context.behaviour
  const address = new URL(request.url)
  const isPressed =
    (pagesOfLogin.has(address.pathname) && autoLogin !== null) || (address.pathname === '/p/consent' && autoConsent)
  if (!isPressed || request.method !== 'GET' || response.status !== 200) return response
  const page = await response.clone().text()
  const as = autoLogin === null ? undefined : personOnPage(page, autoLogin)?.id
  if (address.pathname === '/p/login' && as === undefined) return response
  const form = answerForm(address, page, { as: as ?? '' })
  if (form === undefined) return response
  const what = pagesOfLogin.has(address.pathname)
    ? `${autoLogin} is logged in (auto-login)`
    : 'consent is given (auto-consent)'
  context.warn(`${what} without being asked`)
  return send(
    new Request(new URL(address.pathname, address), { method: 'POST', body: form, headers: ownHeaders(request) }),
  )
}

/** The pages on which one says who one is. */
const pagesOfLogin: ReadonlySet<string> = new Set(['/p/login', '/p/mfa'])

/** What the browser would send along with the form. */
function ownHeaders(request: Request): Headers {
  const headers = new Headers()
  for (const name of ['cookie', 'host']) {
    const value = request.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  return headers
}
