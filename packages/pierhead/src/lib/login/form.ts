import { LoginError } from '../../errors.ts'

/** A form that login reads is no larger than this; it looks for one short field in it. */
export const maxFormBytes = 64 * 1024

export function formTooLarge(): LoginError {
  return new LoginError('invalid_request', `The form is larger than ${maxFormBytes} bytes.`)
}
