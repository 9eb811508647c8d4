import {
  isAuthorizationRequirementsError,
  isLoginRequiredError,
  isPierheadError,
  type PierheadError,
} from '../../errors.ts'
import type { HeldSession } from '../session/session-keeper.ts'
import type { LoginContext } from './context.ts'
import { loginUrl, problemUrl, stepUpUrl } from './login-link.ts'
import { problemOf } from './problems.ts'
import { checkRounds } from './step-up.ts'

/**
 * The local address that stands for the answer to an error where only a redirect can be given. Undefined: it is somebody
 * else's error, or a failure that is worth another try at the same address.
 */
export function redirectFor(
  context: LoginContext,
  error: unknown,
  { held, returnTo }: { held: HeldSession | undefined; returnTo: string | undefined },
): string | undefined {
  if (!isPierheadError(error)) return undefined
  const isRequirement = isAuthorizationRequirementsError(error)
  if (isLoginRequiredError(error) || (isRequirement && held === undefined)) {
    return loginUrl(context, returnTo === undefined ? {} : { returnTo })
  }
  let refusal: PierheadError = error
  if (isRequirement && held !== undefined) {
    try {
      checkRounds(context, held, error)
      return stepUpUrl(context, held, { error, returnTo })
    } catch (thrown) {
      if (!isPierheadError(thrown)) throw thrown
      refusal = thrown
    }
  }
  return problemOf(refusal).status < 500 ? problemUrl(context, refusal, returnTo) : undefined
}
