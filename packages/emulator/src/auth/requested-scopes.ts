import type { EmulatorContext } from '../context.ts'
import { jsonApiError, oauthError } from '../http/error-documents.ts'
import type { ConsentRequest } from '../world/consents.ts'
import { parseScopes, ScopeSyntaxError } from './scope-grammar.ts'
import { planConsents, unknownScopes } from './scope-tree.ts'

/**
 * Reads the `scope` of a token request as trees of consent.
 *
 * @throws ApiError `invalid_scope` for what is no list of scopes, `UNKNOWN_SCOPE_ERROR` for names that no service has registered
 */
export function requestedScopes(scope: string, context: EmulatorContext): readonly ConsentRequest[] {
  try {
    const graph = parseScopes(scope)
    const unknown = unknownScopes(graph, context.world.scopes)
    if (unknown.length > 0) throw unknownScopeError(unknown)
    return planConsents(graph, context.world.scopes)
  } catch (error) {
    if (error instanceof ScopeSyntaxError) throw oauthError('invalid_scope', `Malformed scope: ${error.message}`)
    throw error
  }
}

const unknownScopeError = (names: readonly string[]): Error =>
  jsonApiError({
    status: 400,
    code: 'UNKNOWN_SCOPE_ERROR',
    title: 'Unknown scope(s)',
    detail: `requested unknown scopes: [${names.map((name) => `'${name}'`).join(', ')}]`,
  })
