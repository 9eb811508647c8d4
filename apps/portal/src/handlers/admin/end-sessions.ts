import type { Handler } from 'hono'
import { requireAdmin } from '../../access/require-access.ts'
import type { PortalContext } from '../../context.ts'
import { readForm } from '../../form.ts'

/** Ends one session of somebody, or all of them, and revokes what they held. Leaves a line in the log that says who did it. */
export function endSessionsOf(context: PortalContext): Handler {
  return async (c) => {
    const { config, log, login } = context
    const session = await requireAdmin(c, config.admins, config.site.contact)
    const form = await readForm(c)
    const [subject, id] = [form.get('subject') ?? '', form.get('session')]
    const ended = await login.endSessions(subject, (one) => id === null || one.id === id)
    const by = session.claims.sub
    log.logger.warn({ audit: 'sessions_ended', by, subject, session: id ?? 'all', ended }, 'An admin ended sessions.')
    return c.redirect(`/admin?ended=${ended}#sessions`, 303)
  }
}
