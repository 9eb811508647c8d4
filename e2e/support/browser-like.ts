import { CookieJar } from 'tough-cookie'

/** A browser without scripts: keeps cookies, follows redirects one by one, submits forms. */
export class Visitor {
  readonly #jar = new CookieJar()
  url = ''
  status = 0
  body = ''
  headers = new Headers()
  /** Every address that the last `open` or `submit` passed through, in order. */
  trail: readonly string[] = []
  /** Redirects to addresses that begin with this are not followed: the answer with the redirect stays, `url` is where it leads. */
  stopsBefore: string | undefined

  /** Opens an address and follows redirects, each with the cookies that a browser would send. */
  async open(url: string, init: RequestInit = {}): Promise<this> {
    let target = new URL(url, this.url === '' ? undefined : this.url)
    let request = init
    const trail: string[] = []
    for (let hops = 0; hops < 20; hops += 1) {
      trail.push(target.href)
      const response = await this.#send(target, request)
      this.trail = trail
      const location = response.headers.get('location')
      if (response.status < 300 || response.status >= 400 || location === null) return this
      target = new URL(location, target)
      request = {}
      if (this.stopsBefore !== undefined && target.href.startsWith(this.stopsBefore)) {
        this.url = target.href
        return this
      }
    }
    throw new Error(`More than 20 redirects, the last one to ${target.pathname}.`)
  }

  /** Submits the page's form that has a button of this name, with its hidden fields, the button's own and the given ones. */
  async submit(name: string, fields: Record<string, string> = {}): Promise<this> {
    const forms = [...this.body.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)]
    for (const [, attributes = '', inner = ''] of forms) {
      const button = [...inner.matchAll(/(<button\b[^>]*>)([\s\S]*?)<\/button>/g)].find(
        ([, , text = '']) => decode(text.trim()) === name,
      )
      if (button === undefined) continue
      const values = [...inner.matchAll(/<input\b[^>]*>/g), button].flatMap(([tag]) => field(tag))
      return this.open(attribute(attributes, 'action') ?? this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(this.url).origin },
        body: new URLSearchParams({ ...Object.fromEntries(values), ...fields }).toString(),
      })
    }
    throw new Error(`No form with the button ${name} on ${this.url}: ${this.text}`)
  }

  /** Opens the page's link of this name. */
  async follow(name: string): Promise<this> {
    const link = [...this.body.matchAll(/(<a\b[^>]*>)([\s\S]*?)<\/a>/g)].find(
      ([, , text = '']) => decode(text.trim()) === name,
    )
    const href = attribute(link?.[1] ?? '', 'href')
    if (href === undefined) throw new Error(`No link ${name} on ${this.url}: ${this.text}`)
    return this.open(href)
  }

  /** What a person would read. */
  get text(): string {
    const content = this.body.replace(/<style\b[\s\S]*?<\/style>|<title>[\s\S]*?<\/title>/g, '')
    return decode(content.replace(/<[^>]*>/g, ' '))
      .replace(/\s+/g, ' ')
      .trim()
  }

  cookies(url: string): Promise<string> {
    return this.#jar.getCookieString(url)
  }

  async #send(url: URL, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers)
    if (!headers.has('accept')) headers.set('accept', 'text/html')
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

/** Logs a visitor in: whoever is asked says who they are and allows the app. Ends where the app sends them. */
export async function logIn(visitor: Visitor, address: string, name: string): Promise<Visitor> {
  await visitor.open(address)
  if (visitor.url.includes('/p/login')) await visitor.submit(name)
  if (visitor.url.includes('/p/consent')) await visitor.submit('Allow')
  return visitor
}

function field(tag: string): [string, string][] {
  const name = attribute(tag, 'name')
  return name === undefined ? [] : [[name, attribute(tag, 'value') ?? '']]
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1]
  return value === undefined ? undefined : decode(value)
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&' }

function decode(text: string): string {
  return text.replace(/&(?:#(\d+)|(\w+));/g, (whole, code?: string, name: string = '') =>
    code === undefined ? (entities[name] ?? whole) : String.fromCodePoint(Number(code)),
  )
}
