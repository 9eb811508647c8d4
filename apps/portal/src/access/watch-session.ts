import type { Context } from 'hono'
import type { LoginSession } from 'pierhead'
import type { PortalContext } from '../context.ts'
import { requireAccess } from './require-access.ts'
import type { SessionWatch } from './session-ends.ts'

/** Seconds between looks at what `access.require` asks for, and how old an answer of Groups may be: a minute in sum. */
export const rights = { period: 30, fresh: 15 } as const

/** Watches a session while a request of it goes on, and what the portal asks of everybody. Stop it when the request is over. */
export function watchSession(c: Context, { config, sessionEnds }: PortalContext, session: LoginSession): SessionWatch {
  const { access, site } = config
  if (access === undefined) return sessionEnds.watch(session)
  return sessionEnds.watch(session, () => requireAccess(c, access, { contact: site.contact, fresh: rights.fresh }))
}
