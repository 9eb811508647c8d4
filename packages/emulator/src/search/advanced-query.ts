import { badRequest } from './errors.ts'
import { wordOrPhrase, wordsOf, type TextQuery } from './text-query.ts'

const MAXIMUM_DEPTH = 40

const TOKEN =
  /\s*(?:([()])|(&&|\|\||AND\b|OR\b|NOT\b)|([+\-!])(?=\S)|((?:\\.|[^\s:()"[\]{}\\^~*?!+<>-])(?:\\.|[^\s:()"[\]{}\\^~*?])*):(?=\S)|"((?:\\.|[^"\\])*)"(?:~\d+)?|([[{])\s*(\S+)\s+TO\s+([^\s\]}]+)\s*([\]}])|([<>]=?)([^\s()]+)|((?:\\.|[^\s:()"[\]{}\\^~/])+)~?\d*)(?:\^\d+(?:\.\d+)?)?/uy

/**
 * Reads the advanced syntax, a part of Lucene's: `field:word`, `"phrase"`, `AND`, `OR`, `NOT`, `+`, `-`, parentheses, `[a TO b]`, `{a TO b}`,
 * `>=a`, wildcards. Weights and vagueness are read and left aside; regular expressions are refused.
 *
 * @throws SearchError 400 for what is no query
 */
export function parseAdvanced(text: string, operator: 'and' | 'or'): TextQuery {
  const tokens = tokenize(text)
  if (tokens.length === 0) return { kind: 'all' }
  const reader = { tokens, at: 0, operator }
  const query = readAlternatives(reader, undefined, 0)
  if (reader.at < tokens.length) throw malformed()
  return query
}

type Token =
  | { readonly kind: 'paren' | 'operator' | 'sign' | 'field' | 'phrase' | 'word'; readonly text: string }
  | { readonly kind: 'range'; readonly range: Readonly<Record<string, string>> }

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  const end = text.trimEnd().length
  TOKEN.lastIndex = 0
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text)
    if (match === null) throw malformed()
    tokens.push(tokenOf(match))
  }
  return tokens
}

function tokenOf(match: RegExpExecArray): Token {
  const [, paren, operator, sign, field, phrase, open, low, high, close, comparison, value, word] = match
  if (paren !== undefined) return { kind: 'paren', text: paren }
  if (operator !== undefined) return { kind: 'operator', text: operator }
  if (sign !== undefined) return { kind: 'sign', text: sign }
  if (field !== undefined) return { kind: 'field', text: field }
  if (phrase !== undefined) return { kind: 'phrase', text: unescape(phrase) }
  if (low !== undefined && high !== undefined)
    return { kind: 'range', range: { [open === '[' ? 'gte' : 'gt']: low, [close === ']' ? 'lte' : 'lt']: high } }
  if (comparison !== undefined && value !== undefined) {
    const name = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' }[comparison] ?? 'gte'
    return { kind: 'range', range: { [name]: value } }
  }
  return { kind: 'word', text: unescape(word ?? '') }
}

const unescape = (text: string): string => text.replaceAll(/\\(.)/gs, '$1')

interface Reader {
  readonly tokens: readonly Token[]
  readonly operator: 'and' | 'or'
  at: number
}

type Field = string | undefined

function readAlternatives(reader: Reader, field: Field, depth: number): TextQuery {
  if (depth > MAXIMUM_DEPTH) throw badRequest('The query is nested too deeply')
  const alternatives = [readSequence(reader, field, depth)]
  while (takeOperator(reader, 'OR', '||')) alternatives.push(readSequence(reader, field, depth))
  return alternatives.length === 1 && alternatives[0] !== undefined
    ? alternatives[0]
    : { kind: 'or', parts: alternatives }
}

/** What stands beside each other: joined by AND, or by the default operator. */
function readSequence(reader: Reader, field: Field, depth: number): TextQuery {
  const required: TextQuery[] = []
  const wanted: TextQuery[] = []
  let joined = false
  do {
    const sign = takeSign(reader)
    const part = readPrimary(reader, field, depth)
    const followed = isNextOperator(reader, 'AND', '&&')
    if (sign === '-') required.push({ kind: 'not', part })
    else (joined || followed || sign === '+' || reader.operator === 'and' ? required : wanted).push(part)
    joined = takeOperator(reader, 'AND', '&&')
  } while (joined || continues(reader))
  if (required.length === 0)
    return wanted.length === 1 && wanted[0] !== undefined ? wanted[0] : { kind: 'or', parts: wanted }
  const onlyExclusions = required.every(({ kind }) => kind === 'not')
  return {
    kind: 'and',
    parts: onlyExclusions && wanted.length > 0 ? [...required, { kind: 'or', parts: wanted }] : required,
  }
}

function readPrimary(reader: Reader, field: Field, depth: number): TextQuery {
  const token = reader.tokens[reader.at]
  reader.at += 1
  if (token?.kind === 'range') {
    if (field === undefined) throw badRequest('A range in a query belongs to a field')
    return { kind: 'range', field, range: token.range }
  }
  if (token?.kind === 'field') return readPrimary(reader, token.text, depth)
  if (token?.kind === 'phrase') return { kind: 'phrase', words: wordsOf(token.text), field }
  if (token?.kind === 'word') return readWord(token.text, field)
  if (token?.kind !== 'paren' || token.text !== '(') throw malformed()
  const inner = readAlternatives(reader, field, depth + 1)
  const close = reader.tokens[reader.at]
  if (close?.kind !== 'paren' || close.text !== ')') throw malformed()
  reader.at += 1
  return inner
}

function readWord(text: string, field: Field): TextQuery {
  if (field === '_exists_') return { kind: 'exists', field: text }
  if (text !== '*') return wordOrPhrase(text, field)
  return field === undefined || field === '*' ? { kind: 'all' } : { kind: 'exists', field }
}

/** `-` for everything that excludes. */
function takeSign(reader: Reader): '+' | '-' | undefined {
  const token = reader.tokens[reader.at]
  if (token?.kind === 'sign' || (token?.kind === 'operator' && token.text === 'NOT')) {
    reader.at += 1
    return token.text === '+' ? '+' : '-'
  }
  return undefined
}

function isNextOperator({ tokens, at }: Reader, ...texts: readonly string[]): boolean {
  const token = tokens[at]
  return token?.kind === 'operator' && texts.includes(token.text)
}

function takeOperator(reader: Reader, ...texts: readonly string[]): boolean {
  const found = isNextOperator(reader, ...texts)
  if (found) reader.at += 1
  return found
}

function continues({ tokens, at }: Reader): boolean {
  const token = tokens[at]
  if (token === undefined || (token.kind === 'operator' && token.text !== 'NOT')) return false
  return token.kind !== 'paren' || token.text === '('
}

const malformed = (): Error => badRequest('Malformed query string (advanced syntax)')
