import type { Context } from 'hono'
import { isGlobusServiceError } from 'pierhead'
import { getSession } from 'pierhead/hono'
import type { PortalContext } from '../../context.ts'
import { failure, fileFailure, type FileFailure, type Wanted } from '../../files/failure.ts'
import { texts } from '../../texts.ts'
import { personOf } from '../../views/person.ts'
import { answerProblem } from '../problem.ts'

/** A way back to where the person was. */
export interface WayBack {
  readonly href: string
  readonly text: string
}

type Answer = Response | Promise<Response>

/** A page or a problem document about a failure with files. */
export function answerFailure(c: Context, context: PortalContext, found: FileFailure, again?: WayBack): Answer {
  const session = getSession(c)
  const advice = found.detail === undefined ? found.advice : `${found.advice} ${texts.failureSays} ${found.detail}`
  return answerProblem(c, context, { ...found, advice, again, person: session && personOf(session) })
}

/**
 * Answers an error of a service. What the person can mend by a login or a consent, and what is no error of a service, is
 * thrown on.
 */
export function answerServiceError(
  c: Context,
  context: PortalContext,
  error: unknown,
  { wanted, again }: { readonly wanted: Wanted; readonly again?: WayBack | undefined },
): Answer {
  // The kit refuses names that no address can carry.
  if (error instanceof TypeError && /path/i.test(error.message))
    return answerFailure(c, context, failure('odd-name', 400), again)
  if (!isGlobusServiceError(error) || error.code === 'globus_token_refused') throw error
  return answerFailure(c, context, fileFailure(error, wanted), again)
}
