import { randomUuid, systemRandom } from '../random.ts'

/** The names of RFC 6749 section 5.2 that Globus Auth answers with nothing but the name. */
export type OAuthErrorCode =
  'invalid_grant' | 'invalid_request' | 'invalid_scope' | 'unauthorized_client' | 'unsupported_grant_type'

/** An answer of the API that ends the request; thrown by any step, written by the server. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError'
  readonly status: number
  readonly document: Readonly<Record<string, unknown>>

  constructor(status: number, document: Readonly<Record<string, unknown>>, reason: string) {
    super(reason)
    this.status = status
    this.document = document
  }
}

/** `{"error": …}` alone, status 400, as the token endpoint of Globus Auth answers. The reason is for the log. */
export const oauthError = (error: OAuthErrorCode, reason: string): ApiError => new ApiError(400, { error }, reason)

/** An entry of the JSON:API part of an error document. */
interface ErrorEntry {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
}

/** The mixed shape of most other refusals: JSON:API `errors` beside OAuth's `error` and `error_description`. */
export function jsonApiError(entry: ErrorEntry): ApiError {
  const { status, code, title, detail } = entry
  const errors = [{ status: String(status), id: randomUuid(systemRandom), code, title, detail }]
  return new ApiError(
    status,
    { errors, error: title.toLowerCase().replaceAll(' ', '_'), error_description: title },
    detail,
  )
}

export const unauthorized = (detail: string): ApiError =>
  jsonApiError({ status: 401, code: 'UNAUTHORIZED', title: 'Unauthorized', detail })

export const forbidden = (detail: string): ApiError =>
  jsonApiError({ status: 403, code: 'FORBIDDEN', title: 'Forbidden', detail })

export const badRequest = (detail: string): ApiError =>
  jsonApiError({ status: 400, code: 'BAD_REQUEST', title: 'Bad Request', detail })

export const notFound = (detail: string): ApiError =>
  jsonApiError({ status: 404, code: 'NOT_FOUND', title: 'Not Found', detail })

export const conflict = (detail: string): ApiError =>
  jsonApiError({ status: 409, code: 'CONFLICT', title: 'Conflict', detail })

/** What is asked for exists at Globus, but not here. */
export const notImitated = (what: string): ApiError =>
  jsonApiError({
    status: 501,
    code: 'NOT_IMITATED',
    title: 'Not Implemented',
    detail: `The local emulator does not imitate ${what}`,
  })
