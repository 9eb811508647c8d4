import { hash } from 'node:crypto'
import { htmlAnswer, type Answer } from './answer.ts'

/** What the page about a failed login or a refusal may show. */
export interface ErrorPage {
  readonly status: number
  readonly code: string
  readonly title: string
  /** What happened and what the person can do. Plain text: escape it. */
  readonly advice: string
  /** Local path that starts the login again and comes back to where the person was going. */
  readonly loginUrl: string
  /** What that login is for: "Log in", or "Use another identity". */
  readonly loginText: string
  /** Where else the person can get help, such as the page to join a group. Often empty. */
  readonly links: readonly { readonly url: string; readonly text: string }[]
  readonly homeUrl: string
}

/** What the page that asks before a logout must send, and may show. */
export interface LogoutPage {
  /** Local path that the form posts to. */
  readonly action: string
  /** Value of the hidden field `csrf_token`. */
  readonly csrfToken: string
  readonly name: string
  readonly homeUrl: string
}

/** A form that a step-up interrupted; its owner sees it again and sends it or leaves it. */
export interface ResumePage {
  /** Local path that the form posts to. */
  readonly action: string
  readonly csrfToken: string
  /** To be sent again as hidden fields, and shown. A field's name may occur more than once. */
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly homeUrl: string
}

/** What the page after a logout may show. */
export interface LoggedOutPage {
  readonly loginUrl: string
  readonly homeUrl: string
}

/** Each gives a whole HTML document; it is sent with a policy that allows styles, images and forms of this origin. */
export interface Pages {
  readonly error?: (page: ErrorPage) => string
  readonly logout?: (page: LogoutPage) => string
  readonly loggedOut?: (page: LoggedOutPage) => string
  readonly resume?: (page: ResumePage) => string
}

export interface PageRenderer {
  error(page: ErrorPage, headers?: readonly (readonly [string, string])[]): Answer
  logout(page: LogoutPage): Answer
  loggedOut(page: LoggedOutPage): Answer
  resume(page: ResumePage): Answer
}

const style = `:root{color-scheme:light dark}
body{font:1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1.25rem;overflow-wrap:anywhere}
h1{font-size:1.4rem;line-height:1.3}
a,button{font:inherit;display:inline-block;margin:.25rem .75rem .25rem 0;min-height:2.75rem;line-height:2.75rem}
button{padding:0 1.25rem;border:0;border-radius:.4rem;background:#1d4f91;color:#fff;cursor:pointer}
code{opacity:.7;font-size:.85rem}
@media(prefers-color-scheme:dark){a{color:#9cc4ff}}`
const styleHash = `'sha256-${hash('sha256', style, 'base64')}'`

/** `formAction`: sources that forms may lead to, redirects after them included (Chromium checks those too). */
export function createPages(own: Pages, formAction: string): PageRenderer {
  const framing = `form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`
  const render = <Page>(
    status: number,
    page: Page,
    custom: ((page: Page) => string) | undefined,
    plain: (page: Page) => string,
  ) =>
    custom === undefined
      ? htmlAnswer(status, plain(page), [
          ['content-security-policy', `default-src 'none'; style-src ${styleHash}; ${framing}`],
        ])
      : htmlAnswer(status, custom(page), [
          ['content-security-policy', `default-src 'self'; object-src 'none'; ${framing}`],
        ])
  return {
    error: (page, headers = []) => {
      const answer = render(page.status, page, own.error, errorPage)
      return { ...answer, headers: [...answer.headers, ...headers] }
    },
    logout: (page) => render(200, page, own.logout, logoutPage),
    loggedOut: (page) => render(200, page, own.loggedOut, loggedOutPage),
    resume: (page) => render(200, page, own.resume, resumePage),
  }
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function errorPage(page: ErrorPage): string {
  const links = [...page.links, { url: page.loginUrl, text: page.loginText }, { url: page.homeUrl, text: 'Home' }]
  const link = ({ url, text }: { url: string; text: string }): string =>
    `<a href="${escapeHtml(url)}">${escapeHtml(text)}</a>`
  return document(
    page.title,
    `<p>${escapeHtml(page.advice)}</p>
<p>${links.map(link).join('')}</p>
<p><code>${escapeHtml(page.code)}</code></p>`,
  )
}

function logoutPage(page: LogoutPage): string {
  return document(
    `Log out of ${page.name}?`,
    `<form method="post" action="${escapeHtml(page.action)}">
<input type="hidden" name="csrf_token" value="${escapeHtml(page.csrfToken)}">
<button>Log out</button><a href="${escapeHtml(page.homeUrl)}">Stay logged in</a>
</form>`,
  )
}

function resumePage(page: ResumePage): string {
  const field = ([name, value]: readonly [string, string]): string =>
    `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`
  const row = ([name, value]: readonly [string, string]): string =>
    `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`
  return document(
    'Continue where you were?',
    `<p>You had to log in again before this could be done. It was not done yet.</p>
<dl>${page.fields.map(row).join('')}</dl>
<form method="post" action="${escapeHtml(page.action)}">
${[...page.fields, ['csrf_token', page.csrfToken] as const].map(field).join('\n')}
<button>Continue</button><a href="${escapeHtml(page.homeUrl)}">Leave it</a>
</form>`,
  )
}

function loggedOutPage(page: LoggedOutPage): string {
  return document(
    'You are logged out',
    `<p><a href="${escapeHtml(page.loginUrl)}">Log in</a><a href="${escapeHtml(page.homeUrl)}">Home</a></p>`,
  )
}

function document(title: string, body: string): string {
  const text = escapeHtml(title)
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${text}</h1>
${body}
</main>
</body>
</html>
`
}
