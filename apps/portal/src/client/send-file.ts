/** What became of one attempt to upload. */
export type Sent =
  | { readonly state: 'done' }
  /** Globus wants a login first; `loginUrl` leads to it. */
  | { readonly state: 'login'; readonly loginUrl: string }
  | { readonly state: 'failed'; readonly reason: string }

export interface SendOptions {
  readonly signal: AbortSignal
  readonly progress: (sent: number) => void
}

/** The token of the page's session, which goes along with whatever changes something. */
export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? ''
}

/** Sends a file as it is, straight from the disk. `fetch` would not tell how far it is. */
export function sendFile(address: string, file: File, { progress, signal }: SendOptions): Promise<Sent> {
  const { promise, resolve } = Promise.withResolvers<Sent>()
  const request = new XMLHttpRequest()
  request.open('PUT', address)
  request.setRequestHeader('x-csrf-token', csrfToken())
  request.setRequestHeader('content-type', file.type === '' ? 'application/octet-stream' : file.type)
  request.upload.addEventListener('progress', ({ loaded }) => progress(loaded))
  request.addEventListener('load', () => resolve(outcome(request.status, request.responseText)))
  request.addEventListener('error', () => resolve({ state: 'failed', reason: '' }))
  request.addEventListener('abort', () => resolve({ state: 'failed', reason: '' }))
  signal.addEventListener('abort', () => request.abort(), { once: true })
  request.send(file)
  return promise
}

/** What an answer of the portal means, by its problem document. */
export function outcome(status: number, body: string): Sent {
  if (status >= 200 && status < 300) return { state: 'done' }
  const { code, login_url: loginUrl, title } = parse(body)
  const isLogin = ['authorization_required', 'globus_token_refused', 'login_required'].includes(String(code))
  if (isLogin && typeof loginUrl === 'string') return { state: 'login', loginUrl }
  return { state: 'failed', reason: typeof title === 'string' ? title : String(status) }
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    // A problem document is an object; its fields are looked at by whoever asked.
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
