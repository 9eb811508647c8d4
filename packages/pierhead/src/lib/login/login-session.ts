import type { TokenSet } from '../oauth/token-set.ts'
import type { HeldSession } from '../session/session-keeper.ts'
import { LoginRequiredError } from '../../errors.ts'
import type { GlobusClaims } from './claims.ts'
import type { LoginContext } from './context.ts'
import { maskCsrfToken } from './csrf.ts'
import type { TokenSource } from './options.ts'
import { withoutTokensOf } from './revocations.ts'
import { identityOf, tokenSetOf, tokenSetsOf, withoutTokenSet } from './session-content.ts'

/** What may be shown of a token: no character of it. */
export interface TokenInfo {
  readonly resourceServer: string
  readonly scopes: readonly string[]
  /** Epoch seconds; undefined when the provider did not say. */
  readonly expiresAt: number | undefined
  readonly hasRefreshToken: boolean
}

/** A person who is logged in, as one request sees them. */
export interface LoginSession<Data = undefined> extends TokenSource {
  readonly claims: GlobusClaims
  /** For the field `csrf_token` of a form or the header `X-CSRF-Token`. Another text at each reading, all of them good. */
  readonly csrfToken: string
  /** What `onLogin` or `update` put here. */
  readonly data: Data
  /** Public handle: names the session in logs and lists, opens nothing. */
  readonly id: string
  /** Epoch milliseconds. */
  readonly createdAt: number
  readonly tokens: readonly TokenInfo[]
  /**
   * Replaces the data. `change` may run more than once: it gets the newest data each time. Throws `LoginRequiredError`
   * when the session ended meanwhile, and `session_too_large` when it does not fit into cookies.
   */
  update(change: (data: Data) => Data): Promise<void>
  /**
   * Gives back what the session holds for one resource server: its tokens leave the session, then they are revoked at the
   * provider, now or from a queue. False: there were none. A guard such as `requireScopes` asks for new ones.
   */
  revoke(resourceServer: string): Promise<boolean>
}

export type SessionParts = Pick<LoginContext, 'refresher' | 'csrfSecrets' | 'revocations'>

export function createLoginSession<Data>(held: HeldSession, parts: SessionParts): LoginSession<Data> {
  return new HeldLoginSession<Data>(held, parts)
}

/** A class, because one is made for every request and its accessors would be defined anew for each object literal. */
class HeldLoginSession<Data> implements LoginSession<Data> {
  readonly id: string
  readonly createdAt: number
  /** Works without its object, as callers who take it apart expect. */
  readonly accessToken: TokenSource['accessToken']
  readonly #held: HeldSession
  readonly #parts: SessionParts

  constructor(held: HeldSession, parts: SessionParts) {
    this.id = held.sid
    this.createdAt = held.times.created
    this.accessToken = (resourceServer, options) => parts.refresher.accessToken(held, resourceServer, options?.refused)
    this.#held = held
    this.#parts = parts
  }

  get claims(): GlobusClaims {
    return identityOf(this.#held.view.content).claims
  }

  get csrfToken(): string {
    return maskCsrfToken(this.#parts.csrfSecrets(this.#held.sid)[0])
  }

  get data(): Data {
    // Whoever made the session had the same Data: createLogin has one type parameter for both.
    return identityOf(this.#held.view.content).data as Data
  }

  get tokens(): TokenInfo[] {
    return tokenSetsOf(this.#held.view.content).map((set) => ({
      resourceServer: set.resourceServer,
      scopes: set.scope.split(' ').filter((scope) => scope !== ''),
      expiresAt: set.expiresAt,
      hasRefreshToken: set.refreshToken !== undefined,
    }))
  }

  async update(change: (data: Data) => Data): Promise<void> {
    const result = await this.#held.update(({ content }) => {
      const identity = identityOf(content)
      // As in `data` above.
      return { content: { ...content, identity: { ...identity, data: change(identity.data as Data) } } }
    })
    if (result === 'ended') throw new LoginRequiredError('The session has ended.')
  }

  async revoke(resourceServer: string): Promise<boolean> {
    let removed: TokenSet | undefined
    const result = await this.#held.update(({ content }) => {
      removed = tokenSetOf(content, resourceServer)
      return removed === undefined ? undefined : { content: withoutTokenSet(content, resourceServer) }
    })
    if (result === 'ended') throw new LoginRequiredError('The session has ended.')
    if (removed === undefined) return false
    // A provider may give one refresh token for several resource servers: it lives as long as the others need it.
    await this.#parts.revocations.revoke(withoutTokensOf([removed], tokenSetsOf(this.#held.view.content)))
    return true
  }
}
