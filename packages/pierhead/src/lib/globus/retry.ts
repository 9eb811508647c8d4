/** Python's rule, which Globus staff recommend: five more attempts, waits of at most ten seconds. */
export const maximumRetries = 5
const maximumWait = 10_000

const passing: ReadonlySet<number> = new Set([429, 502, 503, 504])
const repeatable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS'])

/** A 502 with one of these is an answer about a collection, such as "no such directory", not an outage. */
const remoteTrouble = /ExternalError|EndpointError/

/** PUT and DELETE may be repeated by their definition (RFC 9110 section 9.2.2); POST and PATCH only if marked. */
export function isRepeatable(method: string, idempotent: boolean | undefined): boolean {
  return idempotent ?? repeatable.has(method)
}

export function isPassing(status: number, serviceCode: string): boolean {
  return passing.has(status) && !remoteTrouble.test(serviceCode)
}

/**
 * Milliseconds before the next attempt; undefined when the service asks for more patience than a request has. Grows
 * from about half a second, with jitter, so that many callers do not come back at once.
 */
export function waitBefore(retry: number, retryAfter: number | undefined, random: () => number): number | undefined {
  const own = Math.min(maximumWait, (0.25 + random() * 0.5) * 1000 * 2 ** retry)
  if (retryAfter === undefined) return own
  return retryAfter * 1000 > maximumWait ? undefined : Math.max(own, retryAfter * 1000)
}

/** Seconds from a `Retry-After` (RFC 9110 section 10.2.3): a number, or a date, read by the clock of who sent it. */
export function readRetryAfter(headers: Headers, now: number): number | undefined {
  const text = headers.get('retry-after')?.trim() ?? ''
  if (/^\d{1,10}$/.test(text)) return Number(text)
  const date = /^[A-Za-z]{3},? /.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(date)) return undefined
  const sent = Date.parse(headers.get('date') ?? '')
  return Math.max(0, Math.ceil((date - (Number.isNaN(sent) ? now : sent)) / 1000))
}
