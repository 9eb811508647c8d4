import { badRequest } from './errors.ts'
import { parseTimestamp } from './timestamps.ts'

/** A value of a field as filters compare it: text, a number, or a time in milliseconds. */
export type FieldValue = string | number | null

/** What can be filtered by, and how. */
export interface FilterField<Item> {
  readonly kind: 'text' | 'number' | 'time'
  readonly read: (item: Item) => FieldValue
}

export type FilterFields<Item> = Readonly<Record<string, FilterField<Item>>>

export interface FilterOptions {
  readonly repeated: 'or' | 'and'
  readonly unknownKey: 'refuse' | 'ignore'
}

type Test<Item> = (item: Item) => boolean

/**
 * Reads `field:value,value/field:value`: clauses are joined by and, values by or, whole filters as the option says. A value may begin with
 * `=` (equal), `~` (pattern), `!` (not equal) or `!~` (not the pattern); times are `start,end`; numbers may begin with `<`, `>`, `<=`, `>=`.
 *
 * @throws TransferError 400 for what it cannot read
 */
export function parseFilters<Item>(
  filters: readonly string[],
  fields: FilterFields<Item>,
  { repeated, unknownKey }: FilterOptions,
): Test<Item> {
  const tests = filters.filter((text) => text !== '').map((text) => parseFilter(text, fields, unknownKey))
  if (tests.length === 0) return () => true
  return repeated === 'or' ? (item) => tests.some((test) => test(item)) : (item) => tests.every((test) => test(item))
}

function parseFilter<Item>(text: string, fields: FilterFields<Item>, unknownKey: 'refuse' | 'ignore'): Test<Item> {
  const clauses = text.split('/').flatMap((clause): Test<Item>[] => {
    const colon = clause.indexOf(':')
    if (colon < 1) throw badRequest(`Invalid filter clause '${clause}': it must look like field:value`)
    const name = clause.slice(0, colon)
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (field === undefined) {
      if (unknownKey === 'ignore') return []
      throw badRequest(`Invalid filter: unknown field '${name}'`)
    }
    const matches = clauseTest(field.kind, clause.slice(colon + 1))
    return [(item) => matches(field.read(item))]
  })
  return (item) => clauses.every((test) => test(item))
}

function clauseTest(kind: FilterField<unknown>['kind'], values: string): (value: FieldValue) => boolean {
  if (kind === 'time') return timeTest(values)
  const parts = values.split(',')
  if (kind === 'number') {
    const tests = parts.map(numberTest)
    return (value) => typeof value === 'number' && tests.some((test) => test(value))
  }
  const tests = parts.map(textTest)
  // "Not this and not that" is what two exclusions mean; an or of them would let everything through.
  const [no, yes] = [tests.filter(({ negative }) => negative), tests.filter(({ negative }) => !negative)]
  return (value) => {
    const text = String(value ?? '')
    return no.every(({ test }) => test(text)) && (yes.length === 0 || yes.some(({ test }) => test(text)))
  }
}

function textTest(value: string): { readonly negative: boolean; readonly test: (text: string) => boolean } {
  const negative = value.startsWith('!')
  const rest = negative ? value.slice(1) : value
  const pattern = rest.startsWith('~') ? globPattern(rest.slice(1), 'i') : undefined
  const exact = rest.startsWith('=') ? rest.slice(1) : rest
  const matches = (text: string): boolean => (pattern === undefined ? text === exact : pattern.test(text))
  return { negative, test: (text) => matches(text) !== negative }
}

function numberTest(value: string): (number: number) => boolean {
  const match = /^(<=|>=|<|>|=|!)?(\d+)$/.exec(value)
  if (match === null) throw badRequest(`Invalid filter: '${value}' is no number`)
  const [, operator = '=', digits] = match
  const limit = Number(digits)
  const tests: Readonly<Record<string, (number: number) => boolean>> = {
    '=': (number) => number === limit,
    '!': (number) => number !== limit,
    '<': (number) => number < limit,
    '>': (number) => number > limit,
    '<=': (number) => number <= limit,
    '>=': (number) => number >= limit,
  }
  return tests[operator] ?? (() => false)
}

function timeTest(values: string): (value: FieldValue) => boolean {
  const [start = '', end = '', ...rest] = values.split(',')
  const read = (text: string): number | undefined => {
    const at = text === '' ? undefined : parseTimestamp(text)
    if (text !== '' && at === undefined) throw badRequest(`Invalid filter: '${text}' is no date`)
    return at
  }
  if (rest.length > 0) throw badRequest('Invalid filter: a range has a start and an end')
  const [from, to] = [read(start) ?? -Infinity, read(end) ?? Infinity]
  return (value) => typeof value === 'number' && value >= from && value <= to
}

/** A pattern with `*`, `?` and `[…]` as a regular expression. Stars that follow each other count once, so that no name takes long. */
export function globPattern(glob: string, flags = ''): RegExp {
  const source = glob.replace(/\*+/g, '*').replace(/\[!?[^\]]+\]|[\s\S]/gu, (part) => {
    if (part === '*') return '.*?'
    if (part === '?') return '.'
    if (part.length > 2 && part.startsWith('[')) {
      const inside = part.slice(1, -1).replace(/[\\^[]/g, '\\$&')
      return inside.startsWith('!') ? `[^${inside.slice(1)}]` : `[${inside}]`
    }
    return part.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&')
  })
  try {
    return new RegExp(`^${source}$`, `su${flags}`)
  } catch {
    throw badRequest(`Invalid pattern '${glob}'`)
  }
}
