import {
  GroupRequiredError,
  isGroupRequiredError,
  LoginError,
  type AuthorizationRequirementsError,
  type ErrorCode,
  type GroupRefusal,
  type PierheadError,
} from '../../errors.ts'
import type { HeldSession } from '../session/session-keeper.ts'
import type { LoginContext } from './context.ts'
import { parseReturnTo } from './return-to.ts'
import { describeStepUp, type StepUp } from './step-up.ts'

/** What a link to log in can ask for. Sealed into the link, so that nobody else can ask on the application's behalf (SEC-17). */
export interface LoginRequestOptions {
  /** Local path to come back to. Default: the base path. Anything that is not a path of ours is ignored. */
  readonly returnTo?: string
  /** UUID of an identity that the person must log in with. */
  readonly identity?: string
  /** Domain such as `harbour.example`: the person must log in with an identity of it. */
  readonly domain?: string
  /** `login`: ask for a fresh login even if the browser has one. */
  readonly prompt?: 'login'
  /** Shown to the person by Globus. */
  readonly message?: string
}

/** What is sealed into a link. A step-up is bound to the session that met the requirement. */
export type SealedRequest = Omit<LoginRequestOptions, 'returnTo'> & {
  readonly created: number
  readonly stepUp?: StepUp
  readonly problem?: SealedProblem
}

/** A refusal that could not be answered where it happened, as far as the page about it tells it. */
interface SealedProblem {
  readonly code: ErrorCode
  readonly message: string
  readonly group?: GroupRefusal
}

/** Milliseconds for which a link works that asks for more than a plain login. */
const linkLifetime = 24 * 60 * 60 * 1000
const shortLifetime = 10 * 60 * 1000

/** The local address that starts a login. */
export function loginUrl(context: LoginContext, options: LoginRequestOptions): string {
  const { returnTo, ...asked } = options
  const asksMore = Object.values(asked).some((value) => value !== undefined)
  return buildLink(context, returnTo, asksMore ? asked : undefined)
}

/** The local address that leads through what a service requires, and back. Works for ten minutes, for this session. */
export function stepUpUrl(
  context: LoginContext,
  held: HeldSession,
  { error, returnTo }: { error: AuthorizationRequirementsError; returnTo: string | undefined },
): string {
  return buildLink(context, returnTo, { stepUp: describeStepUp(held, error) })
}

/** The local address of the page that tells what was refused. Works for ten minutes. */
export function problemUrl(context: LoginContext, error: PierheadError, returnTo: string | undefined): string {
  const { code, message } = error
  const group = isGroupRequiredError(error) ? { group: refusalOf(error) } : {}
  return buildLink(context, returnTo, { problem: { code, message, ...group } })
}

function refusalOf({ groupId, groupName, person, roles, joinUrl }: GroupRequiredError): GroupRefusal {
  return { groupId, groupName, person, roles, joinUrl }
}

/**
 * What a link asks for. Throws `invalid_request` for one that is not ours, `login_expired` for one that is too old, and the
 * refusal that a link tells of.
 */
export function openRequest(context: LoginContext, sealed: string | null): SealedRequest | undefined {
  if (sealed === null) return undefined
  const opened = context.loginRequests.open(sealed)
  if ('failure' in opened) throw new LoginError('invalid_request', 'The login link is not one of ours.')
  // Sealed by buildLink below, under a key that nothing else seals with.
  const request = JSON.parse(opened.text) as SealedRequest
  const { created, stepUp, problem } = request
  const lifetime = stepUp === undefined && problem === undefined ? linkLifetime : shortLifetime
  if (context.settings.clock.now() - created > lifetime)
    throw new LoginError('login_expired', 'The login link is too old.')
  if (problem !== undefined)
    throw problem.group ? new GroupRequiredError(problem.group) : new LoginError(problem.code, problem.message)
  return request
}

function buildLink(
  context: LoginContext,
  returnTo: string | undefined,
  asked: Omit<SealedRequest, 'created'> | undefined,
): string {
  const { settings, loginRequests } = context
  const query = new URLSearchParams()
  const target = parseReturnTo(returnTo, settings.origin, settings.basePath)
  if (target !== undefined && target !== `${settings.basePath}/`) query.set('return_to', target)
  if (asked !== undefined) {
    query.set('request', loginRequests.seal(JSON.stringify({ ...asked, created: settings.clock.now() })))
  }
  return query.size === 0 ? settings.loginPath : `${settings.loginPath}?${query.toString()}`
}
