import { hash } from 'node:crypto'
import { LoginError, LoginRequiredError } from '../../errors.ts'
import { dependentTokens, DependentConsentError } from '../oauth/dependent-tokens.ts'
import type { Provider } from '../oauth/provider.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import type { Clock } from './clock.ts'
import { demand } from './demand.ts'
import type { TokenSource } from './options.ts'
import { createShortCache } from './short-cache.ts'

/** Milliseconds. A token of a caller is exchanged at most this often, unless what came of it expires or is refused. */
const longest = 3_600_000
/** A service that refuses everything costs one exchange in this time. Milliseconds. */
const pause = 30_000
const deadline = 10_000
/** Seconds before expiry at which a token is not given out any more. */
const margin = 60

/** Tokens to act for whoever sent a token (Globus's dependent token grant). Asked for when first needed. */
export function createCallerTokens({
  provider,
  clock,
}: {
  readonly provider: Provider
  readonly clock: Clock
}): (token: string) => TokenSource {
  const cache = createShortCache<readonly TokenSet[]>(clock.monotonic, longest)
  return (token) => {
    const key = hash('sha256', token, 'base64url')
    const take = async (resourceServer: string, age: number): Promise<TokenSet> => {
      const ask = (): Promise<TokenSet[]> => exchange(provider, token, clock.timeout(deadline))
      const { value } = await cache.get(key, age, ask)
      const found = value.find((set) => set.resourceServer === resourceServer)
      if (found !== undefined) return found
      throw new LoginError(
        'token_missing',
        `The caller's token brings none for ${resourceServer}: no scope depends on it.`,
      )
    }
    return {
      async accessToken(resourceServer, { refused } = {}) {
        const set = await take(resourceServer, longest)
        const left = (set.expiresAt ?? Infinity) - clock.now() / 1000
        if (set.accessToken !== refused && left > margin) return set.accessToken
        return (await take(resourceServer, pause)).accessToken
      },
    }
  }
}

async function exchange(provider: Provider, token: string, signal: AbortSignal): Promise<TokenSet[]> {
  try {
    return await dependentTokens(provider, token, signal)
  } catch (error) {
    if (error instanceof DependentConsentError) throw demand({ requiredScopes: error.unapprovedScopes })
    // Dead since it was introspected: whoever sent it needs a new one.
    if (error instanceof Error && 'error' in error && error.error === 'invalid_grant') {
      throw new LoginRequiredError('The token of the caller is not valid any more.', { cause: error })
    }
    throw error
  }
}
