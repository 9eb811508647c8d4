import type { EmulatorContext } from '../../context.ts'
import { withdrawConsent } from '../../developer/register-client.ts'
import { readForm } from '../../http/body.ts'
import type { Consent } from '../../world/consents.ts'
import type { BrowserSession } from '../../world/sessions.ts'
import { consentsPage } from '../pages/consents-page.ts'
import { redirectAfterForm, respondPage } from '../pages/respond.ts'
import { readReturnLink } from '../return-link.ts'
import { withSession } from './page-session.ts'

/** `GET /v2/web/consents`: what one allowed which app. */
export const showConsents = (browser: Request, context: EmulatorContext): Promise<Response> =>
  withSession(browser, context, (session) => {
    const { search, searchParams } = new URL(browser.url)
    const consents = context.world.consents.ofIdentity(session.account)
    const back = readReturnLink(searchParams, context)
    return respondPage(consentsPage({ account: session.account, consents, back, search, context }))
  })

/** `POST /v2/web/consents`: rescinds all that one allowed an app, or one optional part; the tokens that rest on it die at once. */
export const rescindConsent = (browser: Request, context: EmulatorContext): Promise<Response> =>
  withSession(browser, context, async (session) => {
    const form = await readForm(browser)
    // Another tab may have logged somebody else in: what one person saw, another must not rescind.
    if (form.get('account') === session.account) {
      const chosen = choose(form, context.world.consents.ofIdentity(session.account))
      context.world.transaction(() => {
        for (const { id } of chosen) withdrawConsent(id, context)
      })
      forgetApp(form.get('app'), session, context)
    }
    const { pathname, search } = new URL(browser.url)
    return redirectAfterForm(pathname + search)
  })

/** The roots of an app's trees, or the one place that was named, if it can go without the rest. */
function choose(form: ReadonlyMap<string, string>, consents: readonly Consent[]): readonly Consent[] {
  const app = form.get('app')
  if (app !== undefined) return consents.filter(({ rootClient, parent }) => rootClient === app && parent === null)
  const id = Number(form.get('consent'))
  return consents.filter((consent) => consent.id === id && consent.atomicallyRevocable)
}

/** Without any consent the app has nothing left to hold: not even a token that rests on none. */
function forgetApp(app: string | undefined, { account }: BrowserSession, { world, clock }: EmulatorContext): void {
  if (app !== undefined) world.tokens.revokeOwned({ client: app, identity: account }, clock.now())
}
