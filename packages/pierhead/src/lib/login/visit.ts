import { isPierheadError, LoginError, type PierheadError } from '../../errors.ts'
import type { OutgoingCookie } from '../session/cookies.ts'
import type { HeldSession, RequestCookies } from '../session/session-keeper.ts'
import { redirectAnswer, type Answer } from './answer.ts'
import { finishLogin, isCallback, quietCodes } from './callback.ts'
import type { LoginContext } from './context.ts'
import { checkOrigin, checkToken, isUnsafe } from './csrf.ts'
import type { LoginEventName } from './events.ts'
import { createLoginSession, type LoginSession } from './login-session.ts'
import { confirmLogout, logOut } from './logout.ts'
import { problemOf } from './problems.ts'
import { recoverError } from './recover.ts'
import { isNavigation, isPrefetch, readTarget, type LoginRequest } from './request.ts'
import { countRound, forgetRounds } from './rounds.ts'
import { identityOf } from './session-content.ts'
import { loginUrl, startLogin } from './start.ts'

/** One request, from the moment its headers are known until its answer's headers leave. */
export interface Visit<Data = undefined> {
  readonly session: LoginSession<Data> | undefined
  /**
   * Answers login, callback and logout, and refuses forged requests. Undefined: the request is the application's. `readForm`
   * is called at most once, for an unsafe request with a urlencoded body whose token is not in a header.
   */
  route(readForm: () => Promise<URLSearchParams>): Promise<Answer | undefined>
  /** Headers that must be added to whatever answer leaves. Synchronous; each cookie is given out once. */
  headers(): (readonly [string, string])[]
}

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
    this.#session ??= createLoginSession(this.#held, this.#context.refresher)
    return this.#session
  }

  get request(): LoginRequest {
    return this.#request
  }

  async route(readForm: () => Promise<URLSearchParams>): Promise<Answer | undefined> {
    const { settings } = this.#context
    const { path, search } = readTarget(this.#request.target, settings)
    try {
      if (this.#failure !== undefined) throw this.#failure
      if (isUnsafe(this.#request.method)) await this.#checkForgery(path, readForm)
      if (path === settings.callbackPath || path === settings.loginPath) return await this.#login(path, search)
      if (path === settings.logoutPath) return await this.#logout()
      return undefined
    } catch (error) {
      return this.#refuse(error)
    }
  }

  headers(): (readonly [string, string])[] {
    const held = this.#held
    const cookies = [...this.#outgoing, ...(held?.takeCookies() ?? [])]
    this.#outgoing = []
    if (held === undefined && cookies.length === 0) return []
    const lines = cookies.map((cookie) => ['set-cookie', this.#context.policy.serialize(cookie)] as const)
    return [['cache-control', 'private, no-store'], ['vary', 'Cookie'], ...lines]
  }

  /** A request of a session that changes something must come from a page of ours, with that session's token. */
  async #checkForgery(path: string, readForm: () => Promise<URLSearchParams>): Promise<void> {
    const { settings } = this.#context
    if (this.#held === undefined || settings.skipCsrf.has(path)) return
    checkOrigin(this.#request, settings.origin)
    await checkToken(this.#request, identityOf(this.#held.view.content).csrfSecret, readForm)
  }

  async #login(path: string, search: string): Promise<Answer> {
    const { method } = this.#request
    if (method === 'HEAD') return { status: 204, headers: [['cache-control', 'no-store']], body: '' }
    if (method !== 'GET') throw new LoginError('method_not_allowed', `A login does not take ${method}.`)
    if (isPrefetch(this.#request)) return { status: 503, headers: [['cache-control', 'no-store']], body: '' }
    const query = new URLSearchParams(search)
    this.#returnTo = query.get('return_to') ?? undefined
    if (path === this.#context.settings.callbackPath && isCallback(query)) return this.#callback(query)
    const started = await startLogin(this.#context, query, this.#cookies)
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

  /** Someone who is logged in and comes back to an old callback is sent home; everyone else reads what happened. */
  #refuse(error: unknown): Answer {
    const failed = { request: this.#request, returnTo: this.#returnTo }
    const answer = recoverError(this.#context, error, failed)
    if (answer === undefined || !isPierheadError(error)) throw error
    this.#report(error)
    if (this.#held !== undefined && quietCodes.has(error.code))
      return redirectAnswer(`${this.#context.settings.basePath}/`)
    return answer
  }

  #report(error: PierheadError): void {
    const { status, check } = problemOf(error)
    const event: LoginEventName = error.code === 'csrf_refused' ? 'csrf_refused' : 'login_failed'
    const level = status >= 500 ? 'error' : 'warn'
    const message = `${error.message} ${check}`
    this.#context.events.emit({ event, level, message, code: error.code, cause: error.cause })
  }

  /** @internal A session that arrived proves that cookies and store work. */
  arrived(): this {
    if (this.#held !== undefined) this.#outgoing.push(...forgetRounds(this.#context, this.#cookies))
    return this
  }
}
