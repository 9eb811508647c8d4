import { CookieJar } from 'tough-cookie'

/** A browser without scripts: keeps cookies, follows redirects one by one, submits forms. */
export class Visitor {
  readonly #jar = new CookieJar()
  url = ''
  status = 0
  body = ''
  headers = new Headers()

  /** Opens an address and follows redirects, each with the cookies that a browser would send. */
  async open(url: string, init: RequestInit = {}): Promise<this> {
    let target = new URL(url, this.url === '' ? undefined : this.url)
    let request = init
    for (let hops = 0; hops < 15; hops += 1) {
      const response = await this.#send(target, request)
      const location = response.headers.get('location')
      if (response.status < 300 || response.status >= 400 || location === null) return this
      target = new URL(location, target)
      request = {}
    }
    throw new Error(`More than 15 redirects, the last one to ${target.pathname}.`)
  }

  /** Submits the page's form that has a button of this name, with its hidden fields and the given ones. */
  async submit(button: string, fields: Record<string, string> = {}): Promise<this> {
    const form = [...this.body.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].find(([, , inner = '']) =>
      [...inner.matchAll(/<button\b[^>]*>([\s\S]*?)<\/button>/g)].some(([, text = '']) => text.trim() === button),
    )
    if (form === undefined)
      throw new Error(`No form with the button ${button} on ${this.url}: ${this.body.slice(0, 300)}`)
    const [, attributes = '', inner = ''] = form
    const hidden = [...inner.matchAll(/<input\b[^>]*>/g)].flatMap(([input]) => {
      const name = attribute(input, 'name')
      return name === undefined ? [] : [[name, attribute(input, 'value') ?? ''] as const]
    })
    return this.open(attribute(attributes, 'action') ?? this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(this.url).origin },
      body: new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }).toString(),
    })
  }

  cookies(url: string): Promise<string> {
    return this.#jar.getCookieString(url)
  }

  async #send(url: URL, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('accept', 'text/html')
    headers.set('cookie', await this.#jar.getCookieString(url.href))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) await this.#jar.setCookie(cookie, url.href, { loose: true })
    this.url = url.href
    this.status = response.status
    this.headers = response.headers
    this.body = await response.text()
    return response
  }
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]
  return value?.replaceAll('&amp;', '&').replaceAll('&#38;', '&')
}
