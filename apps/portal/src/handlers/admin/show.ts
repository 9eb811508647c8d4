import type { Handler } from 'hono'
import { requireAdmin } from '../../access/require-access.ts'
import type { PortalContext } from '../../context.ts'
import { adminPage } from '../../views/admin/page.ts'
import { personOf } from '../../views/person.ts'
import { answerProblem, notFound } from '../problem.ts'
import { listEverybody, mostPeople } from './list-everybody.ts'

/** Settings, sessions and refusals, for admins. Where there are none, there is no such page. */
export function showAdmin(context: PortalContext): Handler {
  return async (c) => {
    const { audit, config, people, refusals, site } = context
    const { admins } = config
    if (admins.identities.length + admins.groups.length === 0) return answerProblem(c, context, notFound)
    const session = await requireAdmin(c, admins, config.site.contact)
    const known = people.list(mostPeople)
    const ended = /^\d{1,4}$/.exec(c.req.query('ended') ?? '')?.[0]
    return c.html(
      adminPage(site, {
        person: personOf(session),
        csrfToken: session.csrfToken,
        origins: config.origins,
        people: await listEverybody(context, known, session.id),
        isCut: known.length === mostPeople,
        refusals: refusals.list().slice(0, 50),
        acts: audit.list().slice(0, 50),
        names: new Map(known.map(({ subject, username }) => [subject, username])),
        ended: ended === undefined ? undefined : Number(ended),
      }),
    )
  }
}
