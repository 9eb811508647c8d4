/** The parts of a field's name: `a.b` is b in a, and `a\.b` one name with a dot. */
export function parseField(name: string): readonly string[] {
  return Array.from(name.matchAll(/((?:\\.|[^.\\])+)(?:\.|$)/gs), ([, part = '']) => part.replaceAll(/\\(.)/gs, '$1'))
}

/** The values that a document has at a field; lists count as their items. */
export function valuesAt(content: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(content)) return content.flatMap((item) => valuesAt(item, path))
  const [name, ...rest] = path
  if (name === undefined) return content === null || content === undefined ? [] : [content]
  if (typeof content !== 'object' || content === null || !Object.hasOwn(content, name)) return []
  return valuesAt(Object.entries(content).find(([key]) => key === name)?.[1], rest)
}

/** Every text, number and truth value of a document, with the name of its field. */
export function leavesOf(
  content: unknown,
  field = '',
): readonly (readonly [field: string, value: string | number | boolean])[] {
  if (typeof content === 'string' || typeof content === 'number' || typeof content === 'boolean')
    return [[field, content]]
  if (Array.isArray(content)) return content.flatMap((item) => leavesOf(item, field))
  if (typeof content !== 'object' || content === null) return []
  return Object.entries(content).flatMap(([name, value]) => {
    const escaped = name.replaceAll(/[.\\]/g, '\\$&')
    return leavesOf(value, field === '' ? escaped : `${field}.${escaped}`)
  })
}

/** Whether two values are the same for a filter: clients write numbers as texts. */
export const isSame = (one: unknown, other: unknown): boolean =>
  one === other || (isScalar(one) && isScalar(other) && String(one) === String(other))

const isScalar = (value: unknown): boolean => typeof value !== 'object' && value !== undefined

/** Negative, zero or positive; undefined for what cannot be compared. Dates may be partial. */
export function compareValues(one: unknown, other: unknown): number | undefined {
  const [first, second] = [numberIn(one), numberIn(other)]
  if (first !== undefined && second !== undefined) return first - second
  const [from, to] = [timeIn(one), timeIn(other)]
  if (from !== undefined && to !== undefined) return from - to
  if (typeof one !== 'string' || typeof other !== 'string') return undefined
  return one < other ? -1 : one > other ? 1 : 0
}

function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  const number = typeof value === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : undefined
  return number
}

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$/

/** The moment a date means, its beginning if it is partial. */
export function timeIn(value: unknown): number | undefined {
  const match = typeof value === 'string' ? DATE.exec(value) : null
  if (match === null) return undefined
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', zone = 'Z'] = match
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`)
  return Number.isNaN(time) ? undefined : time
}

/** Compares without looking back: `*` stands for anything, `?` for one character. */
export function matchesGlob(text: string, pattern: string): boolean {
  let [at, in_, star, mark] = [0, 0, -1, 0]
  while (at < text.length) {
    if (pattern[in_] === '*') [star, mark, in_] = [in_, at, in_ + 1]
    else if (in_ < pattern.length && (pattern[in_] === '?' || pattern[in_] === text[at])) [at, in_] = [at + 1, in_ + 1]
    else if (star === -1) return false
    else [mark, at, in_] = [mark + 1, mark + 1, star + 1]
  }
  while (pattern[in_] === '*') in_ += 1
  return in_ === pattern.length
}
