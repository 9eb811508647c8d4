import { leavesOf, matchesGlob } from './fields.ts'
import { isInRange } from './filters.ts'

/** What is asked of the words of an entry. */
export type TextQuery =
  | { readonly kind: 'all' }
  /** One word, with `*` and `?`, in one field or in any. */
  | { readonly kind: 'word'; readonly word: string; readonly field: string | undefined }
  | { readonly kind: 'phrase'; readonly words: readonly string[]; readonly field: string | undefined }
  | { readonly kind: 'range'; readonly field: string; readonly range: Parameters<typeof isInRange>[1] }
  | { readonly kind: 'exists'; readonly field: string }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly TextQuery[] }
  | { readonly kind: 'not'; readonly part: TextQuery }

/** The words of one field of an entry. */
export interface FieldWords {
  readonly field: string
  readonly value: string | number | boolean
  readonly words: readonly string[]
}

/** The words of a text as they are compared: small letters, without what stands between them. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .normalize('NFC')
    .toLowerCase()
    .match(/[\p{L}\p{N}\p{M}_]+/gu) ?? []

export const readWords = (content: object): readonly FieldWords[] =>
  leavesOf(content).map(([field, value]) => ({ field, value, words: wordsOf(String(value)) }))

/** How much a field counts, by its name; 1 unless it is named. */
export type Boosts = ReadonlyMap<string, number>

/** How well an entry answers: 0 not at all. */
export function scoreOf(query: TextQuery, entry: readonly FieldWords[], boosts: Boosts): number {
  const score = (part: TextQuery): number => scoreOf(part, entry, boosts)
  const sum = (count: (one: FieldWords) => number, field?: string): number =>
    entry
      .filter((one) => field === undefined || one.field === field || one.field.startsWith(`${field}.`))
      .reduce((total, one) => total + count(one) * (boosts.get(one.field) ?? 1), 0)
  switch (query.kind) {
    case 'all':
      return 1
    case 'word':
      return sum(({ words }) => words.filter((word) => matchesGlob(word, query.word)).length, query.field)
    case 'phrase':
      return sum(({ words }) => (holdsPhrase(words, query.words) ? query.words.length : 0), query.field)
    case 'range':
      return sum(({ value }) => (isInRange(value, query.range) ? 1 : 0), query.field)
    case 'exists':
      return sum(() => 1, query.field) > 0 ? 1 : 0
    case 'not':
      return score(query.part) > 0 ? 0 : 1
    case 'or':
      return query.parts.reduce((total, part) => total + score(part), 0)
    default: {
      const scores = query.parts.map(score)
      return scores.every((one) => one > 0) ? scores.reduce((total, one) => total + one, 0) : 0
    }
  }
}

const holdsPhrase = (words: readonly string[], phrase: readonly string[]): boolean =>
  phrase.length > 0 && words.some((_, start) => phrase.every((word, offset) => words[start + offset] === word))

/** A word or, where it has several parts, all of them in that order. */
export function wordOrPhrase(text: string, field?: string): TextQuery {
  if (/[*?]/.test(text)) return { kind: 'word', word: text.normalize('NFC').toLowerCase(), field }
  const words = wordsOf(text)
  const [word] = words
  if (word === undefined) return { kind: 'or', parts: [] }
  return words.length === 1 ? { kind: 'word', word, field } : { kind: 'phrase', words, field }
}

/**
 * Reads a query as people write it: words, "phrases", `+` for what must be there, `-` for what must not, `*` at the end of a word, and
 * `*` alone for everything. Every text is a query.
 */
export function parseSimple(text: string, operator: 'and' | 'or'): TextQuery {
  const required: TextQuery[] = []
  const wanted: TextQuery[] = []
  for (const [, sign, phrase, word = ''] of text.matchAll(/([+-]?)(?:"([^"]*)"|([^\s"|]+))/g)) {
    const isEverything = word === '*' && sign === ''
    const part: TextQuery = isEverything ? { kind: 'all' } : wordOrPhrase(phrase ?? word)
    if (sign === '-') required.push({ kind: 'not', part })
    else (sign === '+' || operator === 'and' ? required : wanted).push(part)
  }
  if (required.length === 0) return { kind: 'or', parts: wanted }
  // Wanted words only matter for the order once something is required; alone with exclusions they are what is asked for.
  const onlyExclusions = required.every(({ kind }) => kind === 'not')
  return {
    kind: 'and',
    parts: onlyExclusions && wanted.length > 0 ? [...required, { kind: 'or', parts: wanted }] : required,
  }
}
