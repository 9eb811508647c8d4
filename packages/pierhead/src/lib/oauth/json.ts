/** A JSON object of a stranger: every value still has to be checked. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Deeper documents exhaust the stack of whoever walks them; those of a login have about five levels. */
const maximumDepth = 64

/**
 * The JSON object in these bytes, or undefined for anything else: broken UTF-8, broken JSON, an array, a plain value, an
 * object nested too deeply or with a `__proto__` member.
 */
export function parseJsonObject(bytes: Uint8Array): JsonObject | undefined {
  const value = parseJson(bytes)
  return isJsonObject(value) ? value : undefined
}

/** As `parseJsonObject`, for a list of objects. */
export function parseJsonObjects(bytes: Uint8Array): JsonObject[] | undefined {
  const value = parseJson(bytes)
  return Array.isArray(value) && value.every(isJsonObject) ? value : undefined
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return isHarmless(value, maximumDepth) ? value : undefined
  } catch {
    return undefined
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True for `application/json` and for types that end in `+json`, whatever their parameters. */
export function isJsonType(contentType: string): boolean {
  return /^application\/(?:[\w.-]+\+)?json(?:\s*;|\s*$)/i.test(contentType.trim())
}

/** Shows a foreign value in a message: as JSON, short, on one line. Not for anything secret. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}

/** False when it is nested deeper than `depth` or has a key that a later `Object.assign` would take for a prototype. */
function isHarmless(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth === 0 || Object.hasOwn(value, '__proto__')) return false
  return Object.values(value).every((member) => isHarmless(member, depth - 1))
}
