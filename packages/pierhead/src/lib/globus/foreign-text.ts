export type JsonObject = Readonly<Record<string, unknown>>

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Its first items if it is a list, nothing otherwise. */
export function itemsOf(value: unknown, maximum: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, maximum) : []
}

/** A stranger's text, short and on one line: control characters become spaces. Undefined for anything but text. */
export function boundedText(value: unknown, maximum: number): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value
    .slice(0, maximum * 2)
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim()
  return text === '' ? undefined : text.slice(0, maximum)
}
