import { isGroupRequiredError, isPierheadError, type GroupRefusal, type PierheadError } from '../../errors.ts'
import { jsonAnswer, redirectAnswer, type Answer } from './answer.ts'
import type { LoginContext } from './context.ts'
import { problemOf } from './problems.ts'
import { isNavigation, readTarget, type LoginRequest } from './request.ts'
import { loginUrl } from './login-link.ts'
import type { ErrorPage } from './pages.ts'

/** The request that met an error, and where its person was going, if that is known and not the request itself. */
export interface FailedRequest {
  readonly request: LoginRequest
  readonly returnTo?: string | undefined
}

/** Turns an error of this package into what the browser gets. Undefined: it is somebody else's error. */
export function recoverError(context: LoginContext, error: unknown, failed: FailedRequest): Answer | undefined {
  if (!isPierheadError(error)) return undefined
  const { request } = failed
  const returnTo = failed.returnTo ?? ownTarget(context, request)
  const login = loginUrl(context, {
    ...(returnTo !== undefined && { returnTo }),
    // Without it Globus would send the person back as who they are.
    ...(isGroupRequiredError(error) && { prompt: 'login' }),
  })
  if (!isNavigation(request)) return problemDocument(error, login)
  if (error.code === 'login_required' && isSafe(request)) return redirectAnswer(login)
  return problemPage(context, error, login)
}

/** The request's own address, if it is one to come back to: a callback has a code in it and works once. */
function ownTarget({ settings }: LoginContext, request: LoginRequest): string | undefined {
  const { path, search } = readTarget(request.target, settings)
  const { loginPath, callbackPath, logoutPath } = settings
  return isSafe(request) && ![loginPath, callbackPath, logoutPath].includes(path) ? path + search : undefined
}

function isSafe({ method }: LoginRequest): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** A page for the person: what happened and what to do, never the details that the log gets. */
function problemPage(context: LoginContext, error: PierheadError, login: string): Answer {
  const { status, code, title, advice } = problemOf(error)
  const text = textFor(error, advice)
  return context.pages.error(
    { status, code, title, advice: text, ...waysOn(error, login), homeUrl: `${context.settings.basePath}/` },
    status === 503 ? [['retry-after', '10']] : [],
  )
}

/** RFC 9457, with the address that a script sends its user to. */
function problemDocument(error: PierheadError, login: string): Answer {
  const { status, code, title, advice } = problemOf(error)
  const detail = textFor(error, advice)
  const group = isGroupRequiredError(error) ? { group_id: error.groupId, join_url: error.joinUrl } : {}
  return jsonAnswer(status, { type: 'about:blank', status, title, detail, code, ...group, login_url: login })
}

function waysOn(error: PierheadError, login: string): Pick<ErrorPage, 'loginUrl' | 'loginText' | 'links'> {
  if (!isGroupRequiredError(error)) return { loginUrl: login, loginText: 'Log in', links: [] }
  const links = error.joinUrl === undefined ? [] : [{ url: error.joinUrl, text: 'Ask to join the group' }]
  return { loginUrl: login, loginText: 'Use another identity', links }
}

/** What the application or the service wants the person to read. */
function textFor(error: PierheadError, advice: string): string {
  if (error.code === 'login_refused') return error.message
  if (isGroupRequiredError(error)) return groupText(error)
  return error.code === 'requirements_unmet' ? `${advice} ${error.message}` : advice
}

function groupText({ groupName, groupId, person, roles }: GroupRefusal): string {
  const role = roles.length === 0 ? 'members' : `people who are ${roles.join(' or ')}`
  return `This is for ${role} of the group ${groupName ?? groupId}. You are logged in as ${person}, who is not one of them.`
}
