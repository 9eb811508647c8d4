import { LoginError, type ErrorCode } from '../../errors.ts'
import { checkResponseIssuer, parseAuthorizationResponse } from '../oauth/authorization-response.ts'
import type { HeldSession, RequestCookies } from '../session/session-keeper.ts'
import type { LoginContext } from './context.ts'
import { createSession } from './new-session.ts'
import { redeem } from './redemption.ts'
import { withoutTokensOf } from './revocations.ts'
import { tokenSetsOf } from './session-content.ts'
import { completeStepUp } from './step-up.ts'

/** A whole login step ends within this many milliseconds. */
const stepDeadline = 10_000

export interface FinishedLogin {
  readonly held: HeldSession
  readonly returnTo: string
}

export interface CallbackRequest {
  readonly query: URLSearchParams
  readonly cookies: RequestCookies
  /** The session that this browser has already. It ends when the new one begins. */
  readonly previous: HeldSession | undefined
  readonly browser: string
}

/** A callback that carries an error or a code, as opposed to a visit that wants to log in. Empty ones count as absent. */
export function isCallback(query: URLSearchParams): boolean {
  return ['code', 'error'].some((name) => query.getAll(name).some((value) => value !== ''))
}

/**
 * Finishes a login, or a step-up of the session that there is. The transaction is used up first, whatever comes then;
 * tokens that no session will hold are revoked.
 */
export async function finishLogin(context: LoginContext, request: CallbackRequest): Promise<FinishedLogin> {
  const response = parseAuthorizationResponse(request.query)
  const transaction = await context.transactions.take(response.state, request.cookies)
  const signal = context.settings.clock.timeout(stepDeadline)
  if (transaction.issuer !== context.settings.issuer) {
    throw new LoginError('issuer_mismatch', 'The login was started with another provider.')
  }
  await checkResponseIssuer(context.provider, request.query, signal)
  if ('error' in response) throw response.error
  const redeemed = await redeem(context, { code: response.code, transaction, signal })
  const { previous } = request
  try {
    const held =
      transaction.stepUp === undefined || previous === undefined
        ? await createSession(context, { ...request, ...redeemed })
        : await completeStepUp(context, {
            held: previous,
            key: transaction.stepUp,
            asked: transaction.asked ?? [],
            ...redeemed,
          })
    return { held, returnTo: transaction.returnTo }
  } catch (error) {
    const kept = previous === undefined ? [] : tokenSetsOf(previous.view.content)
    await context.revocations.revoke(withoutTokensOf(redeemed.tokens, kept))
    throw error
  }
}

/** Failures after which the browser gets no second chance from the same address, but a link to start again. */
export const quietCodes: ReadonlySet<ErrorCode> = new Set(['unknown_login', 'login_replayed', 'login_expired'])
