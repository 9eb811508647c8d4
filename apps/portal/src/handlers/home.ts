import type { Handler } from 'hono'
import type { LoginSession } from 'pierhead'
import { getSession } from 'pierhead/hono'
import type { PortalContext } from '../context.ts'
import { homePage, welcomePage, type HomeView } from '../views/home.ts'
import { personOf } from '../views/person.ts'
import { tokenView } from '../views/token-view.ts'

export function showHome({ site }: PortalContext): Handler {
  return (c) => {
    const session = getSession(c)
    return c.html(session === undefined ? welcomePage(site) : homePage(site, viewOf(session)))
  }
}

function viewOf(session: LoginSession): HomeView {
  const { claims, tokens } = session
  // The token that came with the identity is the first; the others are of the services that were asked for.
  const [token] = tokens
  return {
    person: personOf(session),
    username: claims.preferred_username,
    email: claims.email,
    uuid: claims.sub,
    organization: claims.organization,
    provider: claims.identity_provider_display_name,
    token: token === undefined ? undefined : tokenView(token),
  }
}
