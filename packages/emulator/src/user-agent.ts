import { personOnPage } from './person-on-page.ts'

/** Sends one request without following redirects. */
type Send = (request: Request) => Promise<Response>

/** How a user agent reaches the emulator. */
export interface UserAgentOptions {
  /** How requests are sent: `emulator.fetch`, or the platform's `fetch` (the default) for one that listens. */
  readonly fetch?: Send | undefined
}

/** What the person in front of the browser does. */
export interface Person {
  /** The identity to log in as: its id, username or name. */
  readonly as: string
  /** For somebody who needs one: typed in the place of a click on the name. */
  readonly password?: string | undefined
  /** Whether to deny the consent. */
  readonly deny?: boolean
  /** Optional scopes to decline while allowing the rest. */
  readonly decline?: readonly string[]
}

/** A browser without a window: it keeps the emulator's cookies and fills in its forms. */
export interface UserAgent {
  /**
   * Opens an authorization address and does what the person would: logs in as that identity where asked, confirms the second factor, and decides.
   *
   * @returns the address at the app that the browser is sent to, with `code` or `error`
   * @throws Error with the page's text when the emulator shows an error page
   */
  authorize(address: string | URL, person: Person): Promise<URL>
  /** Sends a request with the cookies, and keeps those of the answer. Redirects are not followed. */
  request(address: string | URL, init?: RequestInit): Promise<Response>
}

/** Makes a browser that knows nobody yet. */
export function createUserAgent(options: UserAgentOptions = {}): UserAgent {
  const send = options.fetch ?? ((request: Request) => fetch(request))
  const cookies = new Map<string, string>()
  const request = async (address: string | URL, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    if (cookies.size > 0) headers.set('cookie', Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; '))
    const response = await send(new Request(address, { ...init, headers, redirect: 'manual' }))
    keepCookies(response, cookies)
    return response
  }
  return { request, authorize: (address, person) => walk(new URL(address), person, request) }
}

const MAXIMUM_STEPS = 12

async function walk(start: URL, person: Person, request: UserAgent['request']): Promise<URL> {
  let address = start
  let response = await request(address)
  for (let step = 0; step < MAXIMUM_STEPS; step += 1) {
    const location = response.headers.get('location')
    if (location !== null) {
      await response.body?.cancel()
      address = new URL(location, address)
      if (address.origin !== start.origin) return address
      if (address.pathname === '/v2/web/auth-code') return address
      response = await request(address)
      continue
    }
    const page = await response.text()
    const form = answerForm(address, page, person)
    if (response.status !== 200 || form === undefined) throw new Error(`The emulator showed a page: ${textOf(page)}`)
    response = await request(new URL(address.pathname, address), {
      method: 'POST',
      body: form,
      headers: { origin: address.origin },
    })
  }
  throw new Error('The login did not end')
}

/** What the person would send from the page. */
export function answerForm(
  address: URL,
  page: string,
  { as, password, deny = false, decline = [] }: Person,
): URLSearchParams | undefined {
  const form = new URLSearchParams()
  for (const [, name = '', value = ''] of page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g))
    form.set(name, value)
  for (const [, name = '', value = ''] of page.matchAll(/<input type="checkbox" name="([\w.]+)" value="([^"]*)"/g))
    if (!decline.includes(value)) form.set(name, value)
  // The page names its people; who is not offered there can still be tried by id.
  if (address.pathname === '/p/login' || address.pathname === '/p/sign-in') {
    if (password === undefined) form.set('identity', personOnPage(page, as)?.id ?? as)
    else form.set('username', personOnPage(page, as)?.username ?? as)
    if (password !== undefined) form.set('password', password)
  } else if (address.pathname === '/p/consent') form.set('decision', deny ? 'deny' : 'allow')
  else if (address.pathname === '/p/mfa') return form.has('identity') ? form : undefined
  else return undefined
  return form
}

function keepCookies(response: Response, cookies: Map<string, string>): void {
  for (const line of response.headers.getSetCookie()) {
    const [, name, value, attributes] = /^([^=]+)=([^;]*)(.*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) continue
    if (/max-age=0/i.test(attributes ?? '')) cookies.delete(name)
    else cookies.set(name, value)
  }
}

const textOf = (page: string): string =>
  (/<main>([\s\S]*)<\/main>/.exec(page)?.[1] ?? page)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
