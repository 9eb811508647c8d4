/** What tells one state of a file from another. */
export interface Validators {
  /** A strong entity tag, with its quotes. */
  readonly etag: string
  /** Milliseconds since 1970. */
  readonly modified: number
}

/**
 * What the conditions of a request say (RFC 9110 section 13.2.2).
 *
 * @param current undefined when there is no such file
 */
export function evaluateConditions(
  { method, headers }: Pick<Request, 'method' | 'headers'>,
  current: Validators | undefined,
): 'go on' | 'not modified' | 'failed' {
  const reads = method === 'GET' || method === 'HEAD'
  const match = headers.get('if-match')
  if (match !== null) {
    if (!names(match, current, isStrong)) return 'failed'
  } else if (isAfter(current, headers.get('if-unmodified-since'))) return 'failed'
  const none = headers.get('if-none-match')
  if (none !== null) {
    if (names(none, current, withoutWeakness)) return reads ? 'not modified' : 'failed'
    return 'go on'
  }
  const since = parseDate(headers.get('if-modified-since'))
  return reads && since !== undefined && current !== undefined && inSeconds(current.modified) <= since
    ? 'not modified'
    : 'go on'
}

/** Whether `If-Range` lets a part be sent: it must name this very state (RFC 9110 section 13.1.5). */
export function allowsRange(header: string | null, { etag, modified }: Validators): boolean {
  if (header === null) return true
  return header.includes('"') ? header.trim() === etag : parseDate(header) === inSeconds(modified)
}

function names(
  header: string,
  current: Validators | undefined,
  normalize: (tag: string) => string | undefined,
): boolean {
  if (current === undefined) return false
  if (header.trim() === '*') return true
  return (header.match(/(?:W\/)?"[^"]*"/g) ?? []).some((tag) => normalize(tag) === current.etag)
}

const isStrong = (tag: string): string | undefined => (tag.startsWith('W/') ? undefined : tag)

const withoutWeakness = (tag: string): string => tag.replace(/^W\//, '')

function isAfter(current: Validators | undefined, header: string | null): boolean {
  const date = parseDate(header)
  return date !== undefined && current !== undefined && inSeconds(current.modified) > date
}

function parseDate(header: string | null): number | undefined {
  const at = header === null ? NaN : Date.parse(header)
  return Number.isNaN(at) ? undefined : inSeconds(at)
}

/** HTTP dates have no fractions. */
const inSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000)
