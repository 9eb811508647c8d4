/** A JSON object of a stranger: every value still has to be checked. */
export type JsonObject = Readonly<Record<string, unknown>>

/** The JSON object in these bytes, or undefined for anything else: broken UTF-8, broken JSON, an array, a plain value. */
export function parseJsonObject(bytes: Uint8Array): JsonObject | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const value: unknown = JSON.parse(text, withoutPrototype)
    return isJsonObject(value) ? value : undefined
  } catch {
    // Also a nesting so deep that reviving it exhausts the stack.
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

// A later Object.assign of the parsed object must not be able to change a prototype.
function withoutPrototype(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value
}
