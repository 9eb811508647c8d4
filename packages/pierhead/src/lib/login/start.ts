import { LoginError } from '../../errors.ts'
import { authorizationUrl, type AuthorizationRequest } from '../oauth/authorization-request.ts'
import { createCodeVerifier, createNonce, createState } from '../oauth/random.ts'
import type { OutgoingCookie } from '../session/cookies.ts'
import type { HeldSession, RequestCookies } from '../session/session-keeper.ts'
import { redirectAnswer, type Answer } from './answer.ts'
import type { LoginContext } from './context.ts'
import { openRequest, type SealedRequest } from './login-link.ts'
import { parseReturnTo } from './return-to.ts'
import { tooManyRounds } from './rounds.ts'
import { stepUpScopes, type StepUp } from './step-up.ts'
import type { Transaction } from './transactions.ts'

const stepDeadline = 10_000

export interface StartRequest {
  readonly query: URLSearchParams
  readonly cookies: RequestCookies
  readonly held: HeldSession | undefined
}

/** Starts a login: a transaction for this browser, and the way to the provider (RFC 6749 section 4.1.1). */
export async function startLogin(
  context: LoginContext,
  { query, cookies, held }: StartRequest,
): Promise<{ answer: Answer; cookies: OutgoingCookie[] }> {
  const { settings, transactions } = context
  if (tooManyRounds(context, cookies)) {
    throw new LoginError('unknown_login', 'Three logins of this browser succeeded within a minute and none was kept.')
  }
  const asked = openRequest(context, query.get('request'))
  const stepUp = boundStepUp(held, asked?.stepUp)
  const created = settings.clock.now()
  const secrets = { state: createState(), nonce: createNonce(), codeVerifier: createCodeVerifier() }
  const scopes = held === undefined || stepUp === undefined ? settings.scopes : stepUpScopes(context, held, stepUp)
  const extra = stepUp === undefined ? requirements(asked) : stepUpRequirements(stepUp)
  const url = await authorizationUrl(
    context.provider,
    { ...secrets, scopes, refreshTokens: settings.refreshTokens, ...extra },
    settings.clock.timeout(stepDeadline),
  )
  const returnTo = parseReturnTo(query.get('return_to'), settings.origin, settings.basePath) ?? `${settings.basePath}/`
  const transaction = { ...secrets, issuer: settings.issuer, returnTo, created }
  return {
    answer: redirectAnswer(url.href, { status: 302, referrer: 'no-referrer' }),
    cookies: transactions.start({ ...transaction, ...traceOf(stepUp) }, cookies),
  }
}

/** What the way back must know of a step-up. */
function traceOf(stepUp: StepUp | undefined): Pick<Transaction, 'stepUp' | 'asked'> {
  if (stepUp === undefined) return {}
  const asked = [...(stepUp.sessionRequiredMfa ? ['mfa'] : []), ...stepUp.sessionRequiredPolicies]
  return { stepUp: stepUp.key, ...(asked.length > 0 && { asked }) }
}

/** A step-up belongs to the session that met it. Without a session it is a plain login; the requirement will come again. */
function boundStepUp(held: HeldSession | undefined, stepUp: StepUp | undefined): StepUp | undefined {
  if (held === undefined || stepUp === undefined) return undefined
  if (held.sid === stepUp.sid) return stepUp
  throw new LoginError('invalid_request', 'The login link was made for another session.')
}

/** Session requirements need a fresh login, else a browser that is logged in already would come back unchanged. */
function requirements(asked: SealedRequest | undefined): Partial<AuthorizationRequest> {
  const { identity, domain, prompt, message } = asked ?? {}
  return {
    ...(identity === undefined ? {} : { sessionRequiredIdentities: [identity] }),
    ...(domain === undefined ? {} : { sessionRequiredSingleDomain: [domain] }),
    ...(message === undefined ? {} : { sessionMessage: message }),
    ...((prompt ?? identity ?? domain) ? { prompt: 'login' as const } : {}),
  }
}

function stepUpRequirements(stepUp: StepUp): Partial<AuthorizationRequest> {
  const { sessionRequiredIdentities, sessionRequiredSingleDomain, sessionRequiredPolicies, sessionRequiredMfa } = stepUp
  const isSession =
    sessionRequiredMfa ||
    [sessionRequiredIdentities, sessionRequiredSingleDomain, sessionRequiredPolicies].some((list) => list.length > 0)
  return {
    sessionRequiredIdentities,
    sessionRequiredSingleDomain,
    sessionRequiredPolicies,
    sessionRequiredMfa,
    ...(stepUp.sessionMessage === undefined ? {} : { sessionMessage: stepUp.sessionMessage }),
    ...(isSession || stepUp.prompt === 'login' ? { prompt: 'login' as const } : {}),
  }
}
