import { isPierheadError, type PierheadError } from '../../errors.ts'
import { jsonAnswer, redirectAnswer, type Answer } from './answer.ts'
import type { LoginContext } from './context.ts'
import { problemOf } from './problems.ts'
import { isNavigation, readTarget, type LoginRequest } from './request.ts'
import { loginUrl } from './start.ts'

/** Turns an error of this package into what the browser gets. Undefined: it is somebody else's error. */
export function recoverError(context: LoginContext, error: unknown, request: LoginRequest): Answer | undefined {
  if (!isPierheadError(error)) return undefined
  const { path, search } = readTarget(request.target, context.settings)
  const safe = request.method === 'GET' || request.method === 'HEAD'
  return refuseRequest(context, error, { request, returnTo: safe ? path + search : undefined })
}

/** `returnTo`: where the person was going, if a login can lead there. */
export function refuseRequest(
  context: LoginContext,
  error: PierheadError,
  { request, returnTo }: { request: LoginRequest; returnTo: string | undefined },
): Answer {
  const login = loginUrl(context, returnTo === undefined ? {} : { returnTo })
  if (!isNavigation(request)) return problemDocument(error, login)
  if (error.code === 'login_required' && returnTo !== undefined) return redirectAnswer(login)
  return problemPage(context, error, login)
}

/** A page for the person: what happened and what to do, never the details that the log gets. */
function problemPage(context: LoginContext, error: PierheadError, login: string): Answer {
  const { status, code, title, advice } = problemOf(error)
  const text = error.code === 'login_refused' ? error.message : advice
  return context.pages.error(
    { status, code, title, advice: text, loginUrl: login, homeUrl: `${context.settings.basePath}/` },
    status === 503 ? [['retry-after', '10']] : [],
  )
}

/** RFC 9457, with the address that a script sends its user to. */
function problemDocument(error: PierheadError, login: string): Answer {
  const { status, code, title, advice } = problemOf(error)
  const detail = error.code === 'login_refused' ? error.message : advice
  return jsonAnswer(status, { type: 'about:blank', status, title, detail, code, login_url: login })
}
