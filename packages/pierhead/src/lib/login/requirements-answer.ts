import type { AuthorizationRequirementsError } from '../../errors.ts'
import type { HeldSession } from '../session/session-keeper.ts'
import { jsonAnswer, redirectAnswer, type Answer } from './answer.ts'
import type { LoginContext } from './context.ts'
import { keepForm } from './kept-form.ts'
import { stepUpUrl } from './login-link.ts'
import { problemOf } from './problems.ts'
import { isNavigation, type LoginRequest } from './request.ts'
import { checkRounds } from './step-up.ts'

export interface UnmetRequest {
  readonly request: LoginRequest
  readonly held: HeldSession
  /** Public path and query of the request. */
  readonly target: string
  /** The fields of a form that was sent, once its token was checked; undefined for everything else. */
  readonly form: URLSearchParams | undefined
}

/**
 * Sends the person to meet a requirement and back. A page is opened again; a form that was sent waits until its sender is
 * back and confirms it; a script gets the address to send its person to.
 */
export async function answerRequirements(
  context: LoginContext,
  error: AuthorizationRequirementsError,
  { request, held, target, form }: UnmetRequest,
): Promise<Answer> {
  checkRounds(context, held, error)
  const safe = request.method === 'GET' || request.method === 'HEAD'
  if (!isNavigation(request)) return requirementsDocument(context, error, { held, target: safe ? target : undefined })
  const { subject } = held
  const returnTo = safe ? target : form && (await keepForm(context, { target, form, subject }))
  return redirectAnswer(stepUpUrl(context, held, { error, returnTo }))
}

function requirementsDocument(
  context: LoginContext,
  error: AuthorizationRequirementsError,
  { held, target }: { held: HeldSession; target: string | undefined },
): Answer {
  const { status, code, title, advice } = problemOf(error)
  const login = stepUpUrl(context, held, { error, returnTo: target })
  return jsonAnswer(status, { type: 'about:blank', status, title, detail: advice, code, login_url: login })
}
