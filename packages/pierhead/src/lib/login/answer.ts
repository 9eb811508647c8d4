/** An HTTP answer that any framework can send. */
export interface Answer {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
}

const always = [
  ['cache-control', 'private, no-store'],
  ['x-content-type-options', 'nosniff'],
] as const

/** 303 unless said otherwise: the method never follows (SEC-67). */
export function redirectAnswer(
  location: string,
  options: { status?: 302 | 303; referrer?: 'no-referrer' } = {},
): Answer {
  const headers: [string, string][] = [['location', location]]
  if (options.referrer !== undefined) headers.push(['referrer-policy', options.referrer])
  return { status: options.status ?? 303, headers: [...headers, ...always], body: '' }
}

export function htmlAnswer(status: number, html: string, headers: readonly (readonly [string, string])[]): Answer {
  const own = [
    ['content-type', 'text/html; charset=utf-8'],
    ['referrer-policy', 'same-origin'],
    ['x-frame-options', 'DENY'],
  ] as const
  return { status, headers: [...own, ...headers, ...always], body: html }
}

export function jsonAnswer(status: number, value: unknown): Answer {
  const type = status >= 400 ? 'application/problem+json' : 'application/json'
  return { status, headers: [['content-type', type], ...always], body: JSON.stringify(value) }
}
