import { respondPage } from '../auth/pages/respond.ts'
import { errorPage } from '../auth/pages/error-page.ts'
import type { EmulatorContext } from '../context.ts'
import { mayInspect } from '../http/guard.ts'
import type { Mail } from '../world/outbox.ts'
import { outboxPage } from './pages.ts'

/** A mail as `/outbox.json` and the control API show it. */
export interface MailDocument {
  readonly id: string
  /** ISO 8601. */
  readonly sent_at: string
  readonly identity: string | null
  readonly recipient: string
  readonly subject: string
  readonly text: string
  readonly cause: string
}

/** `GET /outbox`, as a page or, by `Accept` or at `/outbox.json`, as JSON. To names of this machine only, as it shows everybody's mail. */
export function showOutbox(request: Request, context: EmulatorContext): Response | Promise<Response> {
  const json = wantsJson(request)
  if (!mayInspect(request)) return refuse(json, context)
  const mails = context.world.outbox.list()
  return json ? respondJson({ mails: mails.map(mailDocument) }) : respondPage(outboxPage(mails))
}

export const mailDocument = ({ sentAt, ...mail }: Mail): MailDocument => ({
  ...mail,
  sent_at: new Date(sentAt).toISOString(),
})

function refuse(json: boolean, { clock }: EmulatorContext): Response | Promise<Response> {
  const sentence = 'The outbox shows everybody’s mail, so it answers to localhost, 127.0.0.1 and [::1] only.'
  if (json) return respondJson({ code: 'LOOPBACK_ONLY', message: sentence }, 403)
  const about = { title: 'Only on this machine', sentence, code: 'LOOPBACK_ONLY', id: '–' }
  return respondPage(errorPage({ ...about, occurredAt: new Date(clock.now()) }), { status: 403 })
}

const wantsJson = (request: Request): boolean =>
  new URL(request.url).pathname.endsWith('.json') || /\bjson\b/.test(request.headers.get('accept') ?? '')

// Without any header that would let a page of another origin read it.
const respondJson = (document: object, status = 200): Response =>
  Response.json(document, { status, headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } })
