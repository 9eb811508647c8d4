import { TokenResponseError } from '../../errors.ts'
import type { Answer } from './http.ts'
import { parseJsonObject } from './json.ts'

/**
 * The error in an answer of the token, revocation or introspection endpoint. Globus refuses grants with 400 or 401 and
 * `error: invalid_grant`, and wrong client credentials with 401 and bodies of several shapes.
 */
export function endpointError(answer: Answer): TokenResponseError {
  const value = parseJsonObject(answer.body)?.['error']
  const error = typeof value === 'string' ? value.replace(/[^\x20-\x7e]/g, '').slice(0, 100) : ''
  return new TokenResponseError(codeFor(answer.status, error), { status: answer.status, error })
}

function codeFor(status: number, error: string): 'client_rejected' | 'code_rejected' | 'provider_error' {
  if (status !== 400 && status !== 401) return 'provider_error'
  if (error === 'invalid_grant') return 'code_rejected'
  if (status === 401 || error === 'invalid_client' || error === 'unauthorized_client') return 'client_rejected'
  return 'provider_error'
}
