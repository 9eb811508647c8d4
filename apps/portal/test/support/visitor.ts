import { CookieJar } from 'tough-cookie'

export type Send = (request: Request) => Response | Promise<Response>

/** One answer, read to its end. */
export interface Seen {
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  readonly body: string
  /** What a reader sees, without the markup and with its entities resolved. */
  readonly text: string
}

/** A browser without scripts: keeps cookies, follows redirects, submits forms. `portal` answers for its own origin. */
export class Visitor {
  readonly #jar = new CookieJar()
  readonly #origin: string
  readonly #portal: Send
  readonly #headers: Record<string, string>
  /** Every answer so far, redirects included. */
  readonly seen: Seen[] = []

  constructor(origin: string, portal: Send, headers: Record<string, string> = {}) {
    this.#origin = origin
    this.#portal = portal
    this.#headers = headers
  }

  get page(): Seen {
    const page = this.seen.at(-1)
    if (page === undefined) throw new Error('Nothing was opened yet.')
    return page
  }

  /** Opens an address, absolute or a path of the portal, and follows redirects. */
  async open(address: string, init: RequestInit = {}): Promise<Seen> {
    let url = new URL(address, this.#origin)
    let request = init
    for (let hops = 0; hops < 15; hops += 1) {
      const { headers, status } = await this.send(url, request)
      const location = headers.get('location')
      if (status < 300 || status >= 400 || location === null) return this.page
      url = new URL(location, url)
      request = {}
    }
    throw new Error(`More than 15 redirects, the last one to ${url.pathname}`)
  }

  /** One request, as a page's navigation would send it. Redirects are not followed. */
  async send(address: string | URL, init: RequestInit = {}): Promise<Seen> {
    const url = new URL(address, this.#origin)
    const headers = new Headers({ accept: 'text/html', ...this.#headers })
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value)
    // A socket would say it; a request that is handed over does not.
    if (typeof init.body === 'string') headers.set('content-length', String(Buffer.byteLength(init.body)))
    headers.set('cookie', await this.#jar.getCookieString(url.href))
    const request = new Request(url, { ...init, headers, redirect: 'manual' })
    const response = await (url.origin === this.#origin ? this.#portal(request) : fetch(request))
    for (const line of response.headers.getSetCookie()) await this.#jar.setCookie(line, url.href)
    const body = await response.text()
    this.seen.push({ url, status: response.status, headers: response.headers, body, text: textOf(body) })
    return this.page
  }

  /** Follows the link of this name. Exactly one must bear it. */
  async follow(name: string): Promise<Seen> {
    const links = linksOf(this.page.body).filter((link) => link.name === name)
    const [link] = links
    if (link === undefined || links.length > 1) throw new Error(`${links.length} links "${name}" on ${this.page.text}`)
    return this.open(new URL(link.href, this.page.url).href)
  }

  /** Presses the first button of this name and sends its form. `ticked`: values of checkboxes that were ticked before. */
  async press(name: string, ticked: readonly string[] = []): Promise<Seen> {
    const { body, url } = this.page
    for (const [, attributes = '', inner = ''] of body.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)) {
      const button = [...inner.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/g)].find(
        ([, , label = '']) => textOf(label) === name,
      )
      if (button === undefined) continue
      const own = inputsOf(inner).filter((tag) => attribute(tag, 'form') === undefined)
      const id = attribute(attributes, 'id')
      const others = id === undefined ? [] : inputsOf(body).filter((tag) => attribute(tag, 'form') === id)
      const fields = [...others, ...own, button[1] ?? ''].flatMap((tag) => fieldOf(tag, ticked))
      fields.push(...choicesOf(inner))
      const action = attribute(button[1] ?? '', 'formaction') ?? attribute(attributes, 'action')
      return this.submit(action ?? url.href, fields)
    }
    throw new Error(`No button "${name}" on ${this.page.text}`)
  }

  /** Sends a form from the page that is open. */
  submit(action: string, fields: Record<string, string> | [string, string][]): Promise<Seen> {
    const body = new URLSearchParams()
    for (const [name, value] of Array.isArray(fields) ? fields : Object.entries(fields)) body.append(name, value)
    return this.open(new URL(action, this.page.url).href, {
      method: 'POST',
      headers: { origin: this.page.url.origin, 'content-type': 'application/x-www-form-urlencoded' },
      body: body.toString(),
    })
  }

  /** Names and values of all cookies that the portal would get. */
  cookies(): Promise<string> {
    return this.#jar.getCookieString(this.#origin)
  }
}

function inputsOf(html: string): string[] {
  return [...html.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag)
}

/** What a browser sends of lists to choose from: the option that is chosen, or else the first. */
function choicesOf(html: string): [string, string][] {
  return [...html.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/g)].map(([, select = '', inner = '']) => {
    const options = [...inner.matchAll(/<option\b([^>]*)>/g)].map(([, tag = '']) => tag)
    const chosen = options.find((tag) => /\sselected\b/.test(tag)) ?? options[0] ?? ''
    return [attribute(select, 'name') ?? '', attribute(chosen, 'value') ?? '']
  })
}

/** What a browser sends of an input or button: nothing of a box that is not ticked. */
function fieldOf(tag: string, ticked: readonly string[]): [string, string][] {
  const name = attribute(tag, 'name')
  const value = attribute(tag, 'value') ?? ''
  const isTicked = attribute(tag, 'type') !== 'checkbox' || /\schecked\b/.test(tag) || ticked.includes(value)
  return name !== undefined && isTicked ? [[name, value]] : []
}

/** Every link with its name and address. */
export function linksOf(html: string): { name: string; href: string }[] {
  return [...html.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a\s*>/g)].map(([, tag = '', inner = '']) => ({
    name: textOf(inner),
    href: attribute(tag, 'href') ?? '',
  }))
}

export function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(tag)?.[1]
  return value === undefined ? undefined : unescape(value)
}

export function textOf(html: string): string {
  const bare = html.replace(/<head>[\s\S]*?<\/head>/, '').replace(/<[^>]*>/g, ' ')
  return unescape(bare).replace(/\s+/g, ' ').trim()
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' }

function unescape(text: string): string {
  return text.replace(/&(?:#(\d+)|(\w+));/g, (whole, code: string | undefined, name: string | undefined) =>
    code === undefined ? (entities[name ?? ''] ?? whole) : String.fromCodePoint(Number(code)),
  )
}
