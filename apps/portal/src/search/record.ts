import type { SearchField } from '../config/types.ts'

/** One record as pages show it. */
export interface SearchRecord {
  readonly subject: string
  readonly heading: string
  readonly facts: readonly RecordFact[]
  /** The first entry that the person may see. */
  readonly content: unknown
  /** Where its data is, if it says so in a way that is known. */
  readonly files: RecordFiles | undefined
}

export interface RecordFact {
  readonly title: string
  readonly value: string
}

export interface RecordFiles {
  readonly collection: string
  /** A folder. */
  readonly path: string
}

interface Shape {
  readonly heading: string
  readonly fields: readonly SearchField[]
}

const uuid = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}'
const globusAddress = new RegExp(`^globus://(${uuid})(/.*)$`, 'i')

/** Reads a result of the service, whose content is whatever somebody put there. */
export function readRecord(result: unknown, { fields, heading }: Shape): SearchRecord | undefined {
  const subject = member(result, 'subject')
  if (typeof subject !== 'string') return undefined
  const entries = member(result, 'entries')
  const content = member(Array.isArray(entries) ? entries[0] : undefined, 'content')
  const facts = fields.map(({ field, title }) => ({ title, value: inWords(valueAt(content, field)) }))
  return {
    subject,
    heading: inWords(valueAt(content, heading)) || subject,
    facts: facts.filter(({ value }) => value !== ''),
    content,
    files: filesOf(subject),
  }
}

/** Every plain value of a record, for its own page. */
export function allFacts(content: unknown): RecordFact[] {
  if (typeof content !== 'object' || content === null) return []
  return Object.entries(content)
    .map(([title, value]) => ({ title: title.replaceAll('_', ' '), value: inWords(value) }))
    .filter(({ value }) => value !== '')
}

/** Numbers and texts as they are, lists with commas; of what is nested, nothing. */
function inWords(value: unknown): string {
  return Array.isArray(value)
    ? value.slice(0, longest).map(plain).filter(Boolean).join(', ').slice(0, longest)
    : plain(value)
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, longest)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

const longest = 2000

function valueAt(content: unknown, field: string): unknown {
  return field.split('.').reduce(member, content)
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Object.entries(value).find(([key]) => key === name)?.[1]
}

function filesOf(subject: string): RecordFiles | undefined {
  const [, collection, path = ''] = globusAddress.exec(subject) ?? []
  return collection === undefined ? undefined : { collection, path: path.slice(0, path.lastIndexOf('/') + 1) }
}
