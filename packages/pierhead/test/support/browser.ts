/** A request as it goes over the wire: nothing is normalised. */
export interface WireRequest {
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Called with each part of the answer's body as it arrives. */
  readonly onPart?: (text: string) => void
}

export interface WireAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

export type Send = (request: WireRequest) => Promise<WireAnswer>

export interface Visiting {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly form?: Readonly<Record<string, string>>
  /** In place of a form. */
  readonly body?: string
  /** A script's call in place of a person's navigation. */
  readonly fetch?: boolean
  readonly onPart?: (text: string) => void
}

export interface Browser {
  readonly cookies: Map<string, string>
  visit(target: string, options?: Visiting): Promise<WireAnswer>
  /** The same cookies in a second browser, as a thief or a restored backup has them. */
  copy(): Browser
}

export const origin = 'http://localhost:5000'

/** Keeps cookies as a browser does, deletions included, and says of each request what a browser says. */
export function createBrowser(send: Send, cookies = new Map<string, string>(), home = origin): Browser {
  return {
    cookies,
    async visit(target, { method = 'GET', headers = {}, form, body, fetch = false, onPart } = {}) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const unsafe = method !== 'GET' && method !== 'HEAD'
      const answer = await send({
        method,
        target,
        headers: {
          'sec-fetch-mode': fetch ? 'cors' : 'navigate',
          'sec-fetch-site': 'same-origin',
          accept: fetch ? 'application/json' : 'text/html',
          'user-agent': 'TestBrowser/1',
          ...(cookie === '' ? {} : { cookie }),
          ...(unsafe ? { origin: home } : {}),
          ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
        ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
        ...(onPart === undefined ? {} : { onPart }),
        ...(body === undefined ? {} : { body }),
      })
      for (const line of answer.headers.getSetCookie()) keepCookie(cookies, line)
      return answer
    },
    copy: () => createBrowser(send, new Map(cookies), home),
  }
}

export function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';')
  const name = pair.slice(0, pair.indexOf('='))
  if (/;\s*max-age=0\b/i.test(line)) cookies.delete(name)
  else cookies.set(name, pair.slice(name.length + 1))
}
