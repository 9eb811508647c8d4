import type { EmulatorContext } from '../../context.ts'
import { identitiesPage } from '../pages/identities-page.ts'
import { respondPage } from '../pages/respond.ts'
import { readReturnLink } from '../return-link.ts'
import { withSession } from './page-session.ts'

/** `GET /v2/web/identities`: the identities of one's account, and which of them have logged in here. */
export const showIdentities = (browser: Request, context: EmulatorContext): Promise<Response> =>
  withSession(browser, context, (session) => {
    const back = readReturnLink(new URL(browser.url).searchParams, context)
    const account = context.world.identities.account(session.account)
    return respondPage(identitiesPage({ account, session, back, context }))
  })
