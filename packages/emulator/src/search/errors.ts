import type { ServiceReply } from '../services/service-route.ts'

/** A refusal of Search, a GError: see https://docs.globus.org/api/search/errors/. */
export class SearchError extends Error {
  override readonly name = 'SearchError'
  readonly status: number
  readonly code: string
  readonly errorData: unknown

  constructor(status: number, code: string, message: string, errorData?: unknown) {
    super(message)
    this.status = status
    this.code = code
    this.errorData = errorData
  }
}

export const badRequest = (message: string, errorData?: unknown): SearchError =>
  new SearchError(400, 'BadRequest.ValidationError', message, errorData)

export const notFound = (message: string): SearchError => new SearchError(404, 'NotFound.Generic', message)

/** What Search has and the emulator does not imitate. */
export const notImitated = (what: string): SearchError =>
  new SearchError(501, 'NotImplemented', `The local emulator does not imitate ${what}`)

export const refuseSearch = (
  error: unknown,
  { requestId }: { readonly requestId: string },
): ServiceReply | undefined =>
  error instanceof SearchError ? { status: error.status, document: document(error, requestId) } : undefined

export const searchDefect = ({ requestId }: { readonly requestId: string }): ServiceReply => ({
  status: 500,
  document: document(new SearchError(500, 'InternalServerError.Generic', 'The emulator failed'), requestId),
})

const document = ({ status, code, message, errorData }: SearchError, requestId: string): object => ({
  '@datatype': 'GError',
  '@version': '2017-09-01',
  code,
  message,
  request_id: requestId,
  status,
  ...(errorData === undefined ? {} : { error_data: errorData }),
})
