/** A browser without scripts: it keeps cookies and follows redirects. */
export interface Visitor {
  /** Opens a page, whatever it leads through. @throws Error for an answer that is not good */
  open(address: string): Promise<string>
  /** What it would send to the portal as its `Cookie`. */
  cookie(): string
}

const mostRedirects = 15

export function createVisitor(origin: string): Visitor {
  const jars = new Map<string, Map<string, string>>()
  const cookieFor = (host: string): string => Array.from(jars.get(host) ?? [], (pair) => pair.join('=')).join('; ')
  const send = async (url: URL): Promise<Response> => {
    const headers = { accept: 'text/html', cookie: cookieFor(url.hostname) }
    const response = await fetch(url, { headers, redirect: 'manual' })
    const jar = jars.get(url.hostname) ?? new Map<string, string>()
    jars.set(url.hostname, jar)
    for (const [, name = '', value = ''] of response.headers
      .getSetCookie()
      .map((line) => /^([^=]+)=([^;]*)/.exec(line) ?? []))
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    return response
  }
  return {
    cookie: () => cookieFor(new URL(origin).hostname),
    async open(address) {
      let url = new URL(address, origin)
      for (let hops = 0; hops < mostRedirects; hops += 1) {
        const response = await send(url)
        const text = await response.text()
        const location = response.headers.get('location')
        if (response.ok) return text
        if (location === null) throw new Error(`${url.pathname} was answered ${response.status}: ${text.slice(0, 500)}`)
        url = new URL(location, url)
      }
      throw new Error(`${address} leads from page to page without an end.`)
    },
  }
}
