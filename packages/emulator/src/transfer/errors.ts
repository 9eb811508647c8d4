/** A refusal of the Transfer API: `{code, message, request_id, resource}` and what the code brings along. */
export class TransferError extends Error {
  override readonly name = 'TransferError'
  readonly status: number
  readonly code: string
  /** Further members of the document. */
  readonly extra: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, more: ErrorExtras = {}) {
    super(message)
    this.status = status
    this.code = code
    this.extra = more.extra ?? {}
    this.headers = more.headers ?? {}
  }
}

interface ErrorExtras {
  readonly extra?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
}

export const badRequest = (message: string): TransferError => new TransferError(400, 'BadRequest', message)

export const permissionDenied = (message: string): TransferError => new TransferError(403, 'PermissionDenied', message)

export const endpointPermissionDenied = (message: string): TransferError =>
  new TransferError(403, 'EndpointPermissionDenied', message)

/** What the storage did not do; clients must not take a 502 for an outage when the code begins so. */
export const externalError = (
  code: string,
  message: string,
  extra: Readonly<Record<string, unknown>> = {},
): TransferError => new TransferError(502, `ExternalError.${code}`, message, { extra })

/** What Globus has and the emulator does not imitate. */
export const notImitated = (what: string): TransferError =>
  new TransferError(501, 'NotImplemented', `The local emulator does not imitate ${what}`)
