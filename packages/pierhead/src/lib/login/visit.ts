import {
  isAuthorizationRequirementsError,
  isLoginRequiredError,
  isPierheadError,
  LoginError,
  type AuthorizationRequirementsError,
  type PierheadError,
} from '../../errors.ts'
import type { OutgoingCookie } from '../session/cookies.ts'
import type { HeldSession, RequestCookies } from '../session/session-keeper.ts'
import { redirectAnswer, type Answer } from './answer.ts'
import { finishLogin, isCallback, quietCodes } from './callback.ts'
import type { LoginContext } from './context.ts'
import { checkOrigin, checkToken, isUnsafe, maskCsrfToken } from './csrf.ts'
import type { LoginEventName } from './events.ts'
import { createGuards, type Guards } from './guards.ts'
import { findForm, keepForm } from './kept-form.ts'
import { createLoginSession, type LoginSession } from './login-session.ts'
import { confirmLogout, logOut } from './logout.ts'
import { ownForm, type ReadForm } from './own-form.ts'
import { problemOf } from './problems.ts'
import { recoverError } from './recover.ts'
import { redirectFor } from './redirect-for.ts'
import { answerRequirements } from './requirements-answer.ts'
import { isNavigation, isPrefetch, readTarget, type LoginRequest } from './request.ts'
import { parseReturnTo } from './return-to.ts'
import { countRound, forgetRounds } from './rounds.ts'
import { loginUrl, stepUpUrl } from './login-link.ts'
import { startLogin } from './start.ts'

/** One request, from the moment its headers are known until its answer's headers leave. */
export interface Visit<Data = undefined> {
  readonly session: LoginSession<Data> | undefined
  /** What a handler may demand of this request's session. */
  readonly guards: Guards<Data>
  /**
   * Answers login, callback and logout, and refuses forged requests. Undefined: the request is the application's. `readForm`
   * is called at most once, for an unsafe request with a urlencoded body whose token is not in a header.
   */
  route(readForm: () => Promise<URLSearchParams>): Promise<Answer | undefined>
  /** Headers that must be added to whatever answer leaves. Synchronous; each cookie is given out once. */
  headers(): readonly (readonly [string, string])[]
  /**
   * The answer to an error of this package that a handler threw: the way to log in, or to meet what a service requires, and
   * back; else a page or problem document. Undefined: the error is somebody else's. `readForm` as in `route`.
   */
  recover(error: unknown, readForm: () => Promise<URLSearchParams>): Promise<Answer | undefined>
  /** The local address that leads through what a service requires, and back to `returnTo`. For places that cannot throw. */
  requestUrl(error: AuthorizationRequirementsError, returnTo?: string): string
  /**
   * The local address that stands for the answer of `recover` where only a redirect can be given: the way to log in or to meet
   * what a service requires, and back to `returnTo`; else a page that tells what was refused. Undefined: the error is somebody
   * else's, or a failure for which another try at the same address is the remedy.
   */
  redirectFor(error: unknown, returnTo?: string): string | undefined
}

/** Of every answer to a request with a session, and of every answer that sets a cookie. */
const sessionHeaders: readonly (readonly [string, string])[] = [
  ['cache-control', 'private, no-store'],
  ['vary', 'Cookie'],
]
const none: readonly never[] = []

export class RequestVisit<Data> implements Visit<Data> {
  readonly #context: LoginContext
  readonly #request: LoginRequest
  readonly #cookies: RequestCookies
  /** The store could not say whether there is a session: nothing is answered but that. */
  readonly #failure: PierheadError | undefined
  #held: HeldSession | undefined
  #session: LoginSession<Data> | undefined
  #outgoing: OutgoingCookie[] = []
  /** Where a login that failed was going. */
  #returnTo: string | undefined
  #guards: Guards<Data> | undefined

  constructor(
    context: LoginContext,
    request: LoginRequest,
    opened: { cookies: RequestCookies; held: HeldSession | undefined; failure?: PierheadError },
  ) {
    this.#context = context
    this.#request = request
    this.#cookies = opened.cookies
    this.#held = opened.held
    this.#failure = opened.failure
  }

  get session(): LoginSession<Data> | undefined {
    if (this.#held === undefined) return undefined
    this.#session ??= createLoginSession(this.#held, this.#context)
    return this.#session
  }

  get guards(): Guards<Data> {
    this.#guards ??= createGuards<Data>(this.#context, () => this.#held)
    return this.#guards
  }

  async route(readForm: () => Promise<URLSearchParams>): Promise<Answer | undefined> {
    const { settings } = this.#context
    const { path, search } = readTarget(this.#request.target, settings)
    try {
      if (this.#failure !== undefined) throw this.#failure
      if (isUnsafe(this.#request.method)) await this.#checkForgery(path, readForm)
      if (path === settings.callbackPath || path === settings.loginPath) return await this.#login(path, search)
      if (path === settings.logoutPath) return await this.#logout()
      // While headers can still be set: a cookie cannot follow them.
      const { refresher } = this.#context
      if (this.#held !== undefined && refresher.isDue(this.#held)) await refresher.refreshAhead(this.#held)
      return undefined
    } catch (error) {
      return this.#refuse(error)
    }
  }

  async recover(error: unknown, readForm: ReadForm): Promise<Answer | undefined> {
    if (!isPierheadError(error)) return undefined
    let failure = error
    try {
      const onward = await this.#wayOn(error, readForm)
      if (onward !== undefined) return onward
    } catch (thrown) {
      if (!isPierheadError(thrown)) throw thrown
      failure = thrown
    }
    if (failure.code !== 'login_required') this.#report(failure)
    return recoverError(this.#context, failure, { request: this.#request })
  }

  requestUrl(error: AuthorizationRequirementsError, returnTo?: string): string {
    if (this.#held === undefined) return loginUrl(this.#context, returnTo === undefined ? {} : { returnTo })
    return stepUpUrl(this.#context, this.#held, { error, returnTo })
  }

  redirectFor(error: unknown, returnTo?: string): string | undefined {
    return redirectFor(this.#context, error, { held: this.#held, returnTo })
  }

  /** To Globus and back to this request. A form waits until its sender is back, also when their session is over. */
  async #wayOn(error: PierheadError, readForm: ReadForm): Promise<Answer | undefined> {
    const { path, search } = readTarget(this.#request.target, this.#context.settings)
    const target = path + search
    const held = this.#held
    const isRequirement = isAuthorizationRequirementsError(error)
    const owner = held ?? (isRequirement ? undefined : this.#context.keeper.recognize(this.#cookies))
    if (owner === undefined || !(isRequirement || isLoginRequiredError(error))) return undefined
    const form = await ownForm(this.#context, this.#request, { owner, readForm })
    if (isRequirement && held !== undefined)
      return answerRequirements(this.#context, error, { request: this.#request, held, target, form })
    if (form === undefined) return undefined
    const returnTo = await keepForm(this.#context, { target, form, subject: owner.subject })
    return redirectAnswer(loginUrl(this.#context, { returnTo }))
  }

  headers(): readonly (readonly [string, string])[] {
    const taken = this.#held?.takeCookies() ?? none
    if (this.#outgoing.length === 0 && taken.length === 0) return this.#held === undefined ? none : sessionHeaders
    const cookies = [...this.#outgoing, ...taken]
    this.#outgoing = []
    return [
      ...sessionHeaders,
      ...cookies.map((cookie) => ['set-cookie', this.#context.policy.serialize(cookie)] as const),
    ]
  }

  /** A request of a session that changes something must come from a page of ours, with that session's token. */
  async #checkForgery(path: string, readForm: () => Promise<URLSearchParams>): Promise<void> {
    const { settings } = this.#context
    if (this.#held === undefined || settings.skipCsrf.has(path)) return
    checkOrigin(this.#request, settings.origin)
    await checkToken(this.#request, this.#context.csrfSecrets(this.#held.sid), readForm)
  }

  async #login(path: string, search: string): Promise<Answer> {
    const { method } = this.#request
    if (method === 'HEAD') return { status: 204, headers: [['cache-control', 'no-store']], body: '' }
    if (method !== 'GET') throw new LoginError('method_not_allowed', `A login does not take ${method}.`)
    if (isPrefetch(this.#request)) return { status: 503, headers: [['cache-control', 'no-store']], body: '' }
    const query = new URLSearchParams(search)
    this.#returnTo = query.get('return_to') ?? undefined
    if (path === this.#context.settings.callbackPath && isCallback(query)) return this.#callback(query)
    const resume = query.get('resume')
    if (resume !== null && this.#held !== undefined) return this.#resume(this.#held, resume)
    const started = await startLogin(this.#context, { query, cookies: this.#cookies, held: this.#held })
    this.#outgoing.push(...started.cookies)
    return started.answer
  }

  async #callback(query: URLSearchParams): Promise<Answer> {
    const { transactions } = this.#context
    const state = query.get('state') ?? ''
    try {
      const browser = this.#request.header('user-agent') ?? ''
      const previous = this.#held
      const { held, returnTo } = await finishLogin(this.#context, { query, cookies: this.#cookies, previous, browser })
      if (held === previous) return redirectAnswer(returnTo, { referrer: 'no-referrer' })
      this.#held = held
      this.#session = undefined
      // In place of the deletion that `arrived` asked for: a cookie is set once in an answer.
      this.#outgoing = [countRound(this.#context, previous === undefined ? this.#cookies : new Map())]
      return redirectAnswer(returnTo, { referrer: 'no-referrer' })
    } catch (error) {
      this.#returnTo = transactions.returnTo(state, this.#cookies)
      throw error
    } finally {
      this.#outgoing.push(...transactions.finish(state, this.#cookies))
    }
  }

  /** A form that a step-up interrupted is shown to its sender, and sent again only by them. */
  async #resume(held: HeldSession, id: string): Promise<Answer> {
    const { target, fields } = await findForm(this.#context, held, id)
    const csrfToken = maskCsrfToken(this.#context.csrfSecrets(held.sid)[0])
    const homeUrl = `${this.#context.settings.basePath}/`
    return this.#context.pages.resume({ action: target, fields, csrfToken, homeUrl })
  }

  async #logout(): Promise<Answer> {
    const { method } = this.#request
    if (method === 'GET' || method === 'HEAD')
      return confirmLogout(this.#context, this.#held, loginUrl(this.#context, {}))
    if (method !== 'POST') throw new LoginError('method_not_allowed', `Logout does not take ${method}.`)
    const request = { cookies: this.#cookies, isNavigation: isNavigation(this.#request) }
    const done = await logOut(this.#context, this.#held, request)
    this.#held = undefined
    this.#session = undefined
    this.#outgoing = done.cookies
    return done.answer
  }

  /** Someone who is logged in and comes back to an old callback goes where it led; everyone else reads what happened. */
  #refuse(error: unknown): Answer {
    const failed = { request: this.#request, returnTo: this.#returnTo }
    const answer = recoverError(this.#context, error, failed)
    if (answer === undefined || !isPierheadError(error)) throw error
    this.#report(error)
    if (this.#held === undefined || !quietCodes.has(error.code)) return answer
    const { origin, basePath } = this.#context.settings
    return redirectAnswer(parseReturnTo(this.#returnTo, origin, basePath) ?? `${basePath}/`)
  }

  #report(error: PierheadError): void {
    const { status, check } = problemOf(error)
    const event = eventOf(error)
    const level = status >= 500 ? 'error' : 'warn'
    const message = `${error.message} ${check}`
    this.#context.events.emit({ event, level, message, code: error.code, cause: error.cause })
  }

  /** @internal A session that arrived proves that cookies and store work. */
  arrived(): this {
    if (this.#held !== undefined && this.#cookies.has(this.#context.policy.rounds))
      this.#outgoing.push(...forgetRounds(this.#context, this.#cookies))
    return this
  }
}

/** Refusals of guards are no failed logins: whoever watches for those would drown in them. */
function eventOf({ code }: PierheadError): LoginEventName {
  if (code === 'csrf_refused') return 'csrf_refused'
  return code === 'group_required' || code === 'requirements_unmet' ? 'access_refused' : 'login_failed'
}
