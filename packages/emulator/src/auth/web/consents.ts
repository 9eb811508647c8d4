import type { EmulatorContext } from '../../context.ts'
import { readForm } from '../../http/body.ts'
import { consentsPage } from '../pages/consents-page.ts'
import { redirectAfterForm, respondPage } from '../pages/respond.ts'
import { withdrawConsent, withdrawConsents } from '../withdraw-consent.ts'
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
      context.world.transaction(() => rescind(form, session.account, context))
    }
    const { pathname, search } = new URL(browser.url)
    return redirectAfterForm(pathname + search)
  })

/** All of an app, or the one place that was named, if it can go without the rest. */
function rescind(form: ReadonlyMap<string, string>, account: string, context: EmulatorContext): void {
  const app = form.get('app')
  if (app !== undefined) {
    withdrawConsents({ client: app, identity: account }, context)
    return
  }
  const consent = context.world.consents.find(Number(form.get('consent') ?? 0) || 0)
  if (consent?.identity === account && consent.atomicallyRevocable) withdrawConsent(consent.id, context)
}
