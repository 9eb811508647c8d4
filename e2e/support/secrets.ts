import { inspect } from 'node:util'

/** A `fetch` that remembers every secret in the requests and answers that pass through it. */
export function recordSecrets(): { secrets: Set<string>; record: typeof fetch } {
  const secrets = new Set<string>()
  const record: typeof fetch = async (input, init) => {
    if (init?.body instanceof URLSearchParams) keep(secrets, Object.fromEntries(init.body))
    const response = await fetch(input, init)
    const document: unknown = await response
      .clone()
      .json()
      .catch(() => undefined)
    keep(secrets, document)
    return response
  }
  return { secrets, record }
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
