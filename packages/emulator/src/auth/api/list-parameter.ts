import { badRequest } from '../../http/error-documents.ts'

/** The most that one call may ask for; the official clients split longer lists. */
const MAXIMUM = 100

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Reads a list with commas from a query; undefined when it is not there.
 *
 * @throws ApiError 400 for more than 100 entries
 */
export function listParameter(query: URLSearchParams, name: string): readonly string[] | undefined {
  const values = query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')
  if (values.length > MAXIMUM) throw badRequest(`${name} holds more than ${MAXIMUM} values`)
  return query.has(name) ? values : undefined
}

/** As `listParameter`, of ids. @throws ApiError 400 for what is no UUID */
export function idsParameter(query: URLSearchParams, name: string): readonly string[] | undefined {
  const values = listParameter(query, name)
  const wrong = values?.find((value) => !UUID.test(value))
  if (wrong !== undefined) throw badRequest(`${name} holds ${JSON.stringify(wrong)}, which is no UUID`)
  return values?.map((value) => value.toLowerCase())
}
