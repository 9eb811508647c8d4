import { readFileSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { ConfigurationError } from './types.ts'

export type Place = readonly (string | number)[]

/** `portal.yaml`, read but not understood yet. */
export interface ConfigFile {
  /** What messages call it. */
  readonly name: string
  /** Paths in the file begin here. */
  readonly folder: string
  readonly value: Record<string, unknown>
  /** The line on which a value stands, or what holds it. Counted from 1. */
  line(place: Place): number
}

/** What stands in for a file where there is none. */
export function noFile(): ConfigFile {
  return { name: '', folder: '.', value: {}, line: () => 0 }
}

/** @throws ConfigurationError when it cannot be read, or is not a mapping in YAML. Quotes nothing: it may hold secrets */
export function readConfigFile(path: string): ConfigFile {
  const lines = new LineCounter()
  const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    const reason = reasons[error.code] ?? 'This is not YAML. Text with special characters needs quotes.'
    throw new ConfigurationError(`The portal cannot start: ${path}, line ${line}, column ${col}: ${reason}`)
  }
  const value = withoutEmpty(valueOf(document, path))
  if (!isRecord(value))
    throw new ConfigurationError(`The portal cannot start: ${path} must hold keys with values, such as mode: both.`)
  return {
    name: basename(path),
    folder: dirname(resolve(path)),
    value,
    line: (place) => lineOf(document, lines, place),
  }
}

const reasons: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'This key stands here a second time.',
  TAB_AS_INDENT: 'Indent with spaces, not with tabs.',
  BAD_INDENT: 'This is not indented as it must be, or a bracket before it is not closed.',
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
    const remedy = 'Set PIERHEAD_CONFIG to the path of a file that its user may read.'
    throw new ConfigurationError(`The portal cannot read its settings from ${path}${code}. ${remedy}`, { cause })
  }
}

function valueOf(document: Document, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {}
  } catch (cause) {
    throw new ConfigurationError(`The portal cannot start: ${path} repeats itself by too many aliases.`, { cause })
  }
}

function lineOf(document: Document, lines: LineCounter, place: Place): number {
  for (let length = place.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(place.slice(0, length), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}

/** A key without a value counts as absent, as an empty variable does. Unless nobody knows the key: that is found here too. */
function withoutEmpty(value: unknown): unknown {
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, one === null ? undefined : withoutEmpty(one)]),
  )
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
