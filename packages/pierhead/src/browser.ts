/** How the page reaches its server. */
export interface BrowserOptions {
  /** `session.csrfToken` of the page's session. Default: the content of `<meta name="csrf-token">`. */
  readonly csrfToken?: string
  /** Where the server has the proxy of `pierhead/proxy`, such as `/globus`. Default: requests to other origins are not changed. */
  readonly proxy?: string
  /**
   * How a person is led through what a service requires. `popup` (default): a second window, after which the request is
   * sent again; where browsers allow none, as `page`. `page`: this window leaves, and comes back to `returnTo`.
   */
  readonly login?: 'popup' | 'page'
  /** Path of a page of this origin to come back to. Default: this one. */
  readonly returnTo?: string
}

/** The part of an SDK's options that sends its calls through the proxy. */
export interface SdkOptions {
  /** Where the SDK looks for the function that sends its requests. */
  fetch: { options: { __callable: typeof fetch } }
}

const interval = 200

/**
 * A `fetch` for calls to the own server: with the CSRF token of the session, and with a login where one is needed. What a
 * service requires of the person is met in a second window, and the request is then sent once more. A session that has
 * ended is begun anew in this window: the next one may be another person's, so nothing is sent again.
 */
export function createFetch(options: BrowserOptions = {}): typeof fetch {
  let popupClosed: Promise<void> | undefined
  return async (input, init) => {
    const request = new Request(input, init)
    const target = new URL(request.url)
    const isOwn = target.origin === location.origin
    if (!isOwn && options.proxy === undefined) return fetch(request)
    const address = isOwn ? target : `${options.proxy}/${target.host}${target.pathname}${target.search}`
    const { method, signal } = request
    const headers = new Headers(request.headers)
    headers.delete('authorization')
    headers.set('x-csrf-token', options.csrfToken ?? tokenOfPage())
    // Kept, because it may have to be sent twice.
    const body = method === 'GET' || method === 'HEAD' ? null : await request.blob()
    const send = (): Promise<Response> => fetch(address, { method, headers, body, signal })
    const response = await send()
    const login = await loginOf(response)
    if (login === undefined) return response
    const returnTo = options.returnTo ?? location.pathname + location.search
    login.url.searchParams.set('return_to', returnTo)
    if (login.code === 'authorization_required' && options.login !== 'page') {
      // One window at a time: what it brings is for every call that waits.
      popupClosed ??= openPopup(login.url, returnTo)?.finally(() => (popupClosed = undefined))
      if (popupClosed !== undefined) return popupClosed.then(send)
    }
    location.assign(login.url)
    // This page is on its way out: what waits for the answer goes with it.
    return new Promise(() => undefined)
  }
}

/** `@globus/sdk`'s options for calls through the proxy: the last argument of its methods, or `window.GLOBUS_SDK_OPTIONS`. */
export function sdkOptions(options: BrowserOptions & { readonly proxy: string }): SdkOptions {
  return { fetch: { options: { __callable: createFetch(options) } } }
}

function tokenOfPage(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? ''
}

/** What a problem document of the server asks for. Only an address of our own is one to log in at. */
async function loginOf(response: Response): Promise<{ readonly url: URL; readonly code: string } | undefined> {
  const type = response.headers.get('content-type') ?? ''
  if (![401, 403].includes(response.status) || !type.startsWith('application/problem+json')) return undefined
  // Its fields are looked at below.
  const { code, login_url: address } = (await response.clone().json()) as Record<string, unknown>
  if (typeof code !== 'string' || typeof address !== 'string') return undefined
  const url = new URL(address, location.href)
  const isLogin = ['authorization_required', 'globus_token_refused', 'login_required'].includes(code)
  return isLogin && url.origin === location.origin ? { url, code } : undefined
}

/** Resolves when the window is back on our page, or was closed. Undefined: the browser allows none now. */
function openPopup(url: URL, returnTo: string): Promise<void> | undefined {
  const popup = open(url, 'pierhead-login', 'popup,width=600,height=750')
  return popup === null ? undefined : finished(popup, new URL(returnTo, location.href).href)
}

async function finished(popup: Window, href: string): Promise<void> {
  while (!popup.closed) {
    try {
      if (popup.location.href === href) popup.close()
    } catch {
      // Another site's for the moment: it tells nothing.
    }
    await new Promise((resolve) => setTimeout(resolve, interval))
  }
}
