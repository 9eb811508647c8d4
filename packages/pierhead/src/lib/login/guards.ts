import { LoginRequiredError } from '../../errors.ts'
import type { HeldSession } from '../session/session-keeper.ts'
import { requireAuthentication, type AuthenticationOptions } from './authentication-guard.ts'
import type { LoginContext } from './context.ts'
import { demandScopes } from './demand.ts'
import { requireGroup, type GroupMembership, type GroupOptions } from './group-guard.ts'
import { createLoginSession, type LoginSession } from './login-session.ts'

/**
 * What a handler may demand before it goes on. Each throws when the answer is no, and when it cannot be found out. Where the
 * person can do something about it, adapters send a page to Globus and back to the same request, and a script gets a problem
 * document with `login_url`.
 */
export interface Guards<Data = undefined> {
  /** The session. Throws `LoginRequiredError`, which sends a page to log in and back, and answers a script with 401. */
  requireSession(): LoginSession<Data>
  /**
   * The session, once its tokens have every one of these scopes; the person is asked for what is missing. Of a scope with
   * dependencies in brackets the part before them is compared: consents for those show only when the service is called.
   */
  requireScopes(...scopes: readonly string[]): LoginSession<Data>
  /**
   * How the person, by any of their linked identities, is in the group. Await it: nothing is decided before. Throws
   * `GroupRequiredError` for who is not, and what Groups threw when it could not be asked.
   */
  requireGroup(id: string, options?: GroupOptions): Promise<GroupMembership>
  /** The session, once its person logged in as it is asked for. Await it: nothing is decided before. */
  requireAuthentication(options: AuthenticationOptions): Promise<LoginSession<Data>>
}

export function createGuards<Data>(context: LoginContext, current: () => HeldSession | undefined): Guards<Data> {
  const require = (): { held: HeldSession; session: LoginSession<Data> } => {
    const held = current()
    if (held === undefined) throw new LoginRequiredError()
    return { held, session: createLoginSession<Data>(held, context) }
  }
  return {
    requireSession: () => require().session,
    requireScopes(...scopes) {
      const { session } = require()
      demandScopes(session, scopes)
      return session
    },
    requireGroup: async (id, options = {}) => requireGroup(context, require(), { id, options }),
    async requireAuthentication(options) {
      const guarded = require()
      await requireAuthentication(context, guarded, options)
      return guarded.session
    },
  }
}
