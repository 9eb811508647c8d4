import type { ConfigFile, Place } from './config-file.ts'
import { keysBelow, remedyFor } from './remedies.ts'
import { keyOf } from './unknown-keys.ts'
import { isSecret, variableFor } from './variables.ts'

/** Something wrong with the settings. */
export type Problem =
  | { readonly kind: 'wrong'; readonly place: Place; readonly value: unknown; readonly source: string | undefined }
  | { readonly kind: 'missing'; readonly place: Place }
  | { readonly kind: 'unknown'; readonly place: Place; readonly meant: string }
  | { readonly kind: 'misspelt'; readonly name: string; readonly meant: string }
  | { readonly kind: 'unreadable'; readonly key: string; readonly source: string; readonly value: string }
  | { readonly kind: 'twice'; readonly names: readonly [string, string]; readonly file?: string }

const longestValue = 120

/** One line for each problem: which setting, what it holds, what it must be. Of a secret only its length is said. */
export function explain(problems: readonly Problem[], file: ConfigFile): string {
  const lines = problems.map((problem) => `  ${lineFor(problem, file)}`)
  return ['The portal cannot start with these settings:', ...new Set(lines)].join('\n')
}

function lineFor(problem: Problem, file: ConfigFile): string {
  switch (problem.kind) {
    case 'wrong':
      return wrong(problem, file)
    case 'missing':
      return missing(keyOf(problem.place), problem.place, file)
    case 'unknown':
      return `${standing(problem.place, file)} is not known; ${problem.meant}`
    case 'misspelt':
      return `${problem.name} is not known; did you mean ${problem.meant}?`
    case 'unreadable':
      return `${problem.source} is ${JSON.stringify(problem.value)}, which cannot be read; it must be ${remedyFor(problem.key) ?? 'a file'}`
    default:
      return `${problem.names.join(' and ')} are both given${problem.file ? ` in ${problem.file}` : ''}; keep one of them`
  }
}

function wrong({ place, value, source }: Extract<Problem, { kind: 'wrong' }>, file: ConfigFile): string {
  const key = keyOf(place)
  const name = source ?? standing(place, file)
  return `${name} ${holding(key, value)}; it must be ${remedy(key)}`
}

function holding(key: string, value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (isSecret(key)) return `has ${Buffer.byteLength(text)} bytes`
  // What should stand below it may be a secret.
  if (remedyFor(key) === undefined) return 'holds something else'
  return `is ${shorten(JSON.stringify(value))}`
}

function missing(key: string, place: Place, file: ConfigFile): string {
  const variable = variableFor(key)
  if (variable === undefined) return `${standing(place, file)} is missing; it must be ${remedy(key)}`
  const inFile = file.name === '' ? '' : ` (${key} in ${file.name})`
  return `${variable}${inFile} is missing; it must be ${remedy(key)}`
}

function standing(place: Place, file: ConfigFile): string {
  return `${file.name}, line ${file.line(place)}: ${keyOf(place)}`
}

function remedy(key: string): string {
  return remedyFor(key) ?? `one or more of these keys, indented below it: ${keysBelow(key).join(', ')}`
}

/** Without the password of an address. */
function shorten(text: string): string {
  const whole = text.replaceAll(/\/\/[^/@\s]*@/g, '//…@')
  return whole.length > longestValue ? `${whole.slice(0, longestValue)}…` : whole
}
