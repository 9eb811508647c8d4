import { inspect } from 'node:util'

/** A request that an app sent to the provider. */
export interface SentRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  /** Fields of a form; empty without one. */
  readonly form: Readonly<Record<string, string>>
}

/** What went over the wire between an app and the provider. */
export interface Wire {
  readonly sent: readonly SentRequest[]
  /** Every secret in requests and answers; none of them may be seen anywhere. */
  readonly secrets: Set<string>
  readonly fetch: typeof fetch
}

/** A `fetch` that remembers what passes through it. */
export function recordWire(): Wire {
  const sent: SentRequest[] = []
  const secrets = new Set<string>()
  const record: typeof fetch = async (input, init) => {
    const { method, url, headers } = new Request(input, init)
    const form = init?.body instanceof URLSearchParams ? Object.fromEntries(init.body) : {}
    sent.push({ method, url, headers, form })
    keep(secrets, form)
    const response = await fetch(input, init)
    const document: unknown = await response
      .clone()
      .json()
      .catch(() => undefined)
    keep(secrets, document)
    return response
  }
  return { sent, secrets, fetch: record }
}

/** The secrets that a text shows. Anything that is not text is printed first as a careless logger would do it. */
export function secretsIn(seen: unknown, secrets: ReadonlySet<string>): string[] {
  const text = typeof seen === 'string' ? seen : inspect(seen, { depth: 12, maxStringLength: null, showHidden: true })
  return [...secrets].filter((secret) => text.includes(secret) || text.includes(encodeURIComponent(secret)))
}

const names = ['code', 'code_verifier', 'token', 'access_token', 'refresh_token', 'id_token']

function keep(secrets: Set<string>, document: unknown): void {
  if (typeof document !== 'object' || document === null) return
  for (const [name, value] of Object.entries(document)) {
    if (names.includes(name) && typeof value === 'string' && value !== '') secrets.add(value)
    if (name === 'other_tokens' && Array.isArray(value)) for (const token of value) keep(secrets, token)
  }
}
