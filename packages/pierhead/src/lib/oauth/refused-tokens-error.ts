import { LoginError, type ErrorCode } from '../../errors.ts'
import type { TokenSet } from './token-set.ts'

/**
 * Tokens were issued, but the answer or its ID token cannot be accepted. The tokens live at the provider until someone
 * revokes them; they are not enumerable and never printed.
 */
export class RefusedTokensError extends LoginError {
  readonly #tokens: readonly TokenSet[]

  constructor(code: ErrorCode, message: string, options: ErrorOptions & { tokens: readonly TokenSet[] }) {
    // Only the cause goes on: handing over the options would be harmless today and a leak when Error learns to keep them.
    super(code, message, 'cause' in options ? { cause: options.cause } : undefined)
    this.#tokens = options.tokens
  }

  /** What the caller should revoke. */
  get tokens(): readonly TokenSet[] {
    return this.#tokens
  }
}

/** The tokens that an error leaves behind to be revoked; empty for every other error. */
export function tokensOf(error: unknown): readonly TokenSet[] {
  return error instanceof RefusedTokensError ? error.tokens : []
}
