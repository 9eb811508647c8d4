import type { Handler } from 'hono'
import type { Login, LoginSession } from 'pierhead'
import { requireSession } from 'pierhead/hono'
import { isAdmin } from '../access/require-access.ts'
import { browserName } from '../browser-name.ts'
import type { PortalContext } from '../context.ts'
import { texts } from '../texts.ts'
import { accountPage } from '../views/account.ts'
import { personOf } from '../views/person.ts'
import type { SessionView } from '../views/sessions.ts'
import { tokenView } from '../views/token-view.ts'

/** What somebody is, what the portal holds for them, and where they are logged in. */
export function showAccount({ config, login, now, site }: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const done = c.req.query('done') ?? ''
    const notices: Readonly<Record<string, string>> = texts.account.done
    const view = {
      person: personOf(session),
      claims: session.claims,
      tokens: session.tokens.map(tokenView),
      sessions: await listSessions(login, session),
      csrfToken: session.csrfToken,
      canReveal: config.revealTokens,
      now: now(),
      isAdmin: await isAdmin(c, config.admins),
      globusUrl: config.issuer,
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
