import { LoginError } from '../../errors.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import type { HeldSession, RequestCookies } from '../session/session-keeper.ts'
import type { GlobusClaims } from './claims.ts'
import type { LoginContext } from './context.ts'
import type { Redeemed } from './redemption.ts'
import { withoutTokensOf } from './revocations.ts'
import { identityOf, tokenSetsOf, writeContent } from './session-content.ts'

/** Seconds before its first token's expiry at which a session without refresh tokens ends. */
const margin = 60

export interface NewLogin extends Redeemed {
  readonly cookies: RequestCookies
  /** The session that this browser has already. It ends when the new one begins. */
  readonly previous: HeldSession | undefined
  readonly browser: string
}

/** A new id at every login (SEC-33). What the old session of this browser held is revoked, unless the new one holds it too. */
export async function createSession(context: LoginContext, login: NewLogin): Promise<HeldSession> {
  const { claims, tokens, cookies, previous, browser } = login
  const { sub } = claims
  const identity = { claims, data: await decide(context, claims, tokens) }
  const [subject] = context.subjectHashes(sub)
  const entry = { subject, ends: sessionEnd(context, tokens), browser: browser.slice(0, 200) }
  const held = await context.keeper.create(writeContent(identity, tokens), entry, cookies)
  if (previous !== undefined) await endPrevious(context, previous, { sub, tokens })
  context.events.emit({ event: 'login', level: 'info', message: 'A person logged in.', subject: sub, sid: held.sid })
  return held
}

async function decide(context: LoginContext, claims: GlobusClaims, tokens: readonly TokenSet[]): Promise<unknown> {
  if (context.onLogin === undefined) return undefined
  const session = {
    accessToken: async (resourceServer: string) => {
      const set = tokens.find((candidate) => candidate.resourceServer === resourceServer)
      if (set !== undefined) return set.accessToken
      throw new LoginError('token_missing', `The login has no token for ${resourceServer}.`)
    },
  }
  const decision = await context.onLogin({ claims, session })
  if (decision !== undefined && 'refuse' in decision) throw new LoginError('login_refused', decision.refuse)
  return decision?.data
}

async function endPrevious(
  context: LoginContext,
  previous: HeldSession,
  next: { sub: string; tokens: readonly TokenSet[] },
): Promise<void> {
  const last = await previous.end()
  if (last === undefined) return
  const before = identityOf(last).claims.sub
  if (before !== next.sub) {
    const message = 'A browser logged in as another person; the session before it was ended.'
    context.events.emit({ event: 'identity_switched', level: 'info', message, subject: next.sub, sid: previous.sid })
  }
  const held = [...tokenSetsOf(last), ...context.refresher.forget(previous.sid)]
  await context.revocations.revoke(withoutTokensOf(held, next.tokens))
}

/** Without any refresh token a session is worth nothing after its first token: it ends a minute before that (S1.14). */
function sessionEnd(context: LoginContext, tokens: readonly TokenSet[]): number {
  const end = context.settings.clock.now() + context.settings.limits.absolute * 1000
  const [first] = tokens
  if (first?.expiresAt === undefined || tokens.some((set) => set.refreshToken !== undefined)) return end
  return Math.min(end, (first.expiresAt - margin) * 1000)
}
