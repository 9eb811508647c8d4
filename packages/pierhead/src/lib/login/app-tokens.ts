import { hash } from 'node:crypto'
import { isPierheadError, LoginError } from '../../errors.ts'
import type { Provider } from '../oauth/provider.ts'
import { clientCredentialsTokens } from '../oauth/token-request.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import type { Clock } from './clock.ts'
import type { TokenSource } from './options.ts'
import { takeShared, type SharedPlace } from './shared-tokens.ts'

export interface AppTokenOptions {
  readonly provider: Provider
  readonly clock: Clock
  /** Where all processes keep their tokens. Undefined: each has its own. */
  readonly shared: SharedPlace | undefined
}

/** Seconds before expiry at which tokens are renewed. */
const margin = 60
/** Milliseconds. */
const deadline = 10_000
/** A service that refuses everything costs one token request in this time. Milliseconds. */
const pause = 30_000

/** Tokens of the client's own identity: asked for when first needed, and then once per expiry. */
export function createAppTokens(options: AppTokenOptions, scopes: readonly string[]): TokenSource {
  const { provider, clock, shared } = options
  const key = `app:${hash('sha256', JSON.stringify([provider.options.clientId, scopes.toSorted()]), 'base64url')}`
  let held: readonly TokenSet[] = []
  let renewedAt = -Infinity
  let flight: Promise<readonly TokenSet[]> | undefined

  const ask = (): Promise<TokenSet[]> => clientCredentialsTokens(provider, scopes, clock.timeout(deadline))
  const renew = async (resourceServer: string, refused: string | undefined): Promise<readonly TokenSet[]> => {
    const isUsable = (tokens: readonly TokenSet[]): boolean => isFresh(find(tokens, resourceServer), clock, refused)
    held = shared === undefined ? await ask() : await takeShared(shared, { key, clock, isUsable, ask })
    renewedAt = clock.monotonic()
    return held
  }

  return {
    async accessToken(resourceServer, { refused } = {}) {
      const current = find(held, resourceServer)
      if (current !== undefined && isFresh(current, clock, refused)) return current.accessToken
      if (current !== undefined && current.accessToken === refused && clock.monotonic() - renewedAt < pause)
        return refused
      flight ??= renew(resourceServer, refused).finally(() => (flight = undefined))
      try {
        return require(find(await flight, resourceServer), resourceServer)
      } catch (error) {
        // An outage of the provider takes away nothing that still lives.
        const lives = current !== undefined && current.accessToken !== refused && secondsLeft(current, clock) > 0
        if (lives && isPierheadError(error)) return current.accessToken
        throw error
      }
    },
  }
}

function require(set: TokenSet | undefined, resourceServer: string): string {
  if (set !== undefined) return set.accessToken
  throw new LoginError(
    'token_missing',
    `The application asks for no scope of ${resourceServer}. Add one to the scopes of its tokens.`,
  )
}

function find(tokens: readonly TokenSet[], resourceServer: string): TokenSet | undefined {
  return tokens.find((set) => set.resourceServer === resourceServer)
}

function isFresh(set: TokenSet | undefined, clock: Clock, refused: string | undefined): boolean {
  return set !== undefined && set.accessToken !== refused && secondsLeft(set, clock) > margin
}

function secondsLeft({ expiresAt = Infinity }: TokenSet, clock: Clock): number {
  return expiresAt - clock.now() / 1000
}
