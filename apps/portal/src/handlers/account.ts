import type { Handler } from 'hono'
import type { Login, LoginSession } from 'pierhead'
import { requireSession } from 'pierhead/hono'
import { browserName } from '../browser-name.ts'
import type { PortalContext } from '../context.ts'
import { accountPage } from '../views/account.ts'
import { personOf } from '../views/person.ts'
import type { SessionView } from '../views/sessions.ts'
import { tokenView } from '../views/token-view.ts'

/** Words for what the address says was done. Anything else it says is ignored. */
const notices: Readonly<Record<string, string>> = {
  'session-ended': 'That browser is logged out.',
  'session-gone': 'That browser was logged out already.',
}

export function showAccount({ config, login, now, site }: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const done = c.req.query('done') ?? ''
    const view = {
      person: personOf(session),
      claims: session.claims,
      tokens: session.tokens.map(tokenView),
      sessions: await listSessions(login, session),
      csrfToken: session.csrfToken,
      canReveal: config.revealTokens,
      now: now(),
      notice: Object.hasOwn(notices, done) ? notices[done] : undefined,
    }
    return c.html(accountPage(site, view))
  }
}

/** This browser first, then the one that was used last. */
async function listSessions(login: Login, own: LoginSession): Promise<SessionView[]> {
  const sessions: SessionView[] = []
  for await (const { id, browser, createdAt, seenAt } of login.sessions(own.claims.sub)) {
    sessions.push({ id, browser: browserName(browser), createdAt, seenAt, isThisBrowser: id === own.id })
  }
  return sessions.toSorted(
    (left, right) => Number(right.isThisBrowser) - Number(left.isThisBrowser) || right.seenAt - left.seenAt,
  )
}
