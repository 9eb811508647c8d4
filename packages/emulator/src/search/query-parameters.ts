import { badRequest } from './errors.ts'

/** Reads a truth value as Python and JavaScript write it. */
export function readTruth(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name)?.toLowerCase()
  if (text === undefined) return undefined
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  throw badRequest(`${name} must be true or false`)
}

/** @throws SearchError 400 when it is not there */
export function requireSubject(query: URLSearchParams): string {
  const subject = query.get('subject')
  if (subject === null) throw badRequest('subject is required')
  return subject
}
