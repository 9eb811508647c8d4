import { isPierheadError } from '../../errors.ts'
import type { LoginContext } from './context.ts'
import { checkOrigin, checkToken, isForm } from './csrf.ts'
import { isNavigation, type LoginRequest } from './request.ts'

export type ReadForm = () => Promise<URLSearchParams>

/**
 * The form that a person sent from a page of ours in this session, which may be over. Undefined for everything else: it is
 * not kept. Also undefined when somebody else has read the body already.
 */
export async function ownForm(
  context: LoginContext,
  request: LoginRequest,
  { owner, readForm }: { readonly owner: { readonly sid: string }; readonly readForm: ReadForm },
): Promise<URLSearchParams | undefined> {
  if (request.method !== 'POST' || !isForm(request) || !isNavigation(request)) return undefined
  try {
    checkOrigin(request, context.settings.origin)
    await checkToken(request, context.csrfSecrets(owner.sid), readForm)
    return await readForm()
  } catch (error) {
    if (isPierheadError(error) || error instanceof TypeError) return undefined
    throw error
  }
}
