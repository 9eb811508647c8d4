import type { Context, Handler } from 'hono'
import type { LoginSession, TokenInfo } from 'pierhead'
import { requireSession } from 'pierhead/hono'
import type { PortalContext } from '../context.ts'
import { readForm } from '../form.ts'
import { texts } from '../texts.ts'
import { personOf } from '../views/person.ts'
import { identityServer } from '../views/token-view.ts'
import { answerProblem } from './problem.ts'

export const unknownServer = {
  status: 400,
  code: 'unknown_resource_server',
  ...texts.problems.noToken,
} as const

/** Renews the access token of one service before its time. */
export function renewToken(context: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const token = await askedToken(c, session)
    if (token === undefined) return answerProblem(c, context, { ...unknownServer, person: personOf(session) })
    const before = await session.accessToken(token.resourceServer)
    // What a service would have refused is renewed, at most once in half a minute.
    const after = await session.accessToken(token.resourceServer, { refused: before })
    return c.redirect(
      `${context.site.accountUrl}?done=${after === before ? 'token-kept' : 'token-renewed'}#tokens`,
      303,
    )
  }
}

/** Gives back what the portal holds of one service. The page that needs it next asks for it anew. */
export function giveTokenBack(context: PortalContext): Handler {
  return async (c) => {
    const session = requireSession(c)
    const token = await askedToken(c, session)
    if (token === undefined || token.resourceServer === identityServer)
      return answerProblem(c, context, { ...unknownServer, person: personOf(session) })
    const { resourceServer } = token
    await session.revoke(resourceServer)
    context.log.logger.info({ subject: session.claims.sub, sid: session.id, resourceServer }, 'A token was given back.')
    return c.redirect(`${context.site.accountUrl}?done=token-revoked#tokens`, 303)
  }
}

async function askedToken(c: Context, session: LoginSession): Promise<TokenInfo | undefined> {
  const asked = (await readForm(c)).get('resource_server')
  return session.tokens.find(({ resourceServer }) => resourceServer === asked)
}
