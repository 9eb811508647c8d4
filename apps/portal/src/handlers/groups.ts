import type { Handler } from 'hono'
import { isGlobusServiceError } from 'pierhead'
import { scopes } from 'pierhead/globus'
import { requireScopes } from 'pierhead/hono'
import type { PortalContext } from '../context.ts'
import { isUuid } from '../files/place.ts'
import { texts } from '../texts.ts'
import { groupPage, groupsPage } from '../views/groups.ts'
import { personOf } from '../views/person.ts'
import { answerServiceError } from './files/file-problem.ts'
import { answerProblem, notFound } from './problem.ts'

const needed = scopes.groups.viewMyGroupsAndMemberships

export function showGroups({ globus, site }: PortalContext): Handler {
  return async (c) => {
    const session = requireScopes(c, needed)
    const { items } = await globus.groups(session).groups.getMyGroups().collect()
    return c.html(groupsPage(site, { person: personOf(session), groups: items }))
  }
}

/** One group with its members, as far as Groups shows them to this person. */
export function showGroup(context: PortalContext): Handler {
  return async (c) => {
    const session = requireScopes(c, needed)
    const person = personOf(session)
    const id = c.req.param('id')
    if (!isUuid(id)) return answerProblem(c, context, { ...notFound, person })
    try {
      const group = await context.globus.groups(session).groups.get(id, { include: ['memberships', 'my_memberships'] })
      return c.html(groupPage(context.site, { person, group }))
    } catch (error) {
      if (!isGlobusServiceError(error)) throw error
      if (error.status !== 404 && error.status !== 403)
        return answerServiceError(c, context, error, { wanted: 'folder' })
      const { notFound: title, notFoundAdvice: advice } = texts.groups
      return answerProblem(c, context, { status: 404, code: 'no_group', title, advice, person })
    }
  }
}
