import { hash } from 'node:crypto'
import { introspectToken, type Introspection } from '../oauth/introspection.ts'
import type { Provider } from '../oauth/provider.ts'
import type { Clock } from './clock.ts'
import { createShortCache } from './short-cache.ts'

/** Milliseconds. As Globus's own services do: a revoked token is taken for this long at most. */
const life = 30_000
const deadline = 10_000

/** What the provider says of a token, at most 30 s old (RFC 7662 section 4). Failures are not kept. */
export type Introspect = (token: string, include: readonly string[]) => Promise<Introspection>

export function createIntrospect({ provider, clock }: { provider: Provider; clock: Clock }): Introspect {
  const cache = createShortCache<Introspection>(clock.monotonic, life)
  return async (token, include) => {
    const key = hash('sha256', JSON.stringify([token, include]), 'base64url')
    const ask = (): Promise<Introspection> => introspectToken(provider, token, include, clock.timeout(deadline))
    const { value } = await cache.get(key, life, ask)
    return value
  }
}
