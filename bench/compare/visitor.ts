/** A browser as far as it matters here: keeps cookies by host, as browsers do, and follows redirects when told to. */
export class Visitor {
  readonly #jars = new Map<string, Map<string, string>>()

  /** One request, redirects not followed. */
  async request(url: string, init: RequestInit = {}): Promise<Response> {
    const { hostname } = new URL(url)
    const jar = this.#jars.get(hostname) ?? new Map<string, string>()
    this.#jars.set(hostname, jar)
    const headers = new Headers(init.headers)
    headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    if (!headers.has('accept')) headers.set('accept', 'text/html')
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) keep(jar, line)
    return response
  }

  /** The body of one answer. */
  async text(url: string): Promise<string> {
    return (await this.request(url)).text()
  }

  /** Opens a page and everything that it redirects to. */
  async open(url: string): Promise<Response & { readonly finalUrl: string }> {
    let at = url
    for (let hops = 0; hops < 15; hops += 1) {
      const response = await this.request(at)
      const location = response.headers.get('location')
      if (location === null) return Object.assign(response, { finalUrl: at })
      await response.arrayBuffer()
      at = new URL(location, at).href
    }
    throw new Error(`More than 15 redirects, the last one to ${new URL(at).pathname}.`)
  }

  cookies(url: string): ReadonlyMap<string, string> {
    return this.#jars.get(new URL(url).hostname) ?? new Map()
  }

  /** The same cookies in another browser. */
  copy(): Visitor {
    const copy = new Visitor()
    for (const [host, jar] of this.#jars) copy.#jars.set(host, new Map(jar))
    return copy
  }
}

function keep(jar: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';', 1)
  const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
  const [, expires = ''] = /;\s*expires=([^;]+)/i.exec(line) ?? []
  if (/;\s*max-age=0\b/i.test(line) || Date.parse(expires) < Date.now() + 500) jar.delete(name)
  else jar.set(name, value)
}
