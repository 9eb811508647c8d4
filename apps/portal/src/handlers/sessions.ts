import type { Handler } from 'hono'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../context.ts'
import { readForm } from '../form.ts'

/** Logs out one browser of this person. Somebody else's session is never found: only this person's are looked at. */
export function endOneSession({ login, site }: PortalContext): Handler {
  return async (c) => {
    const { claims } = requireSession(c)
    const id = (await readForm(c)).get('session')
    const ended = await login.endSessions(claims.sub, (session) => session.id === id)
    return c.redirect(`${site.accountUrl}?done=${ended > 0 ? 'session-ended' : 'session-gone'}#sessions`, 303)
  }
}

/** Logs this person out of every browser, this one included, and then of Globus. */
export function endAllSessions({ login }: PortalContext): Handler {
  return async (c) => {
    await login.endSessions(requireSession(c).claims.sub)
    return c.redirect(login.globusLogoutUrl(), 303)
  }
}
