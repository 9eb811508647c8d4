import { errorPage } from '../auth/pages/error-page.ts'
import { respondPage } from '../auth/pages/respond.ts'
import { mayInspect, type HostRules } from '../http/guard.ts'
import { describe, summarize, type Inspected } from './describe.ts'
import { listPage, requestPage } from './pages.ts'

interface Guarded extends Inspected {
  readonly hosts: HostRules
}

/** `GET /inspector`, as a page or, by `Accept` or at `/inspector.json`, as JSON. */
export function inspect(request: Request, inspected: Guarded): Response | Promise<Response> {
  if (!mayInspect(request, inspected.hosts)) return refused(request, inspected)
  const requests = inspected.recorder.list().map((record) => summarize(record, inspected))
  return wantsJson(request) ? json({ requests }) : respondPage(listPage(requests))
}

/** `GET /inspector/{request id}`: why it was refused, and what would help. */
export function inspectOne(request: Request, id: string, inspected: Guarded): Response | Promise<Response> {
  if (!mayInspect(request, inspected.hosts)) return refused(request, inspected)
  const record = inspected.recorder.find(id.replace(/\.json$/, ''))
  if (record === undefined) {
    const sentence = 'There is no such request among the last 1,000, or the emulator was reset or restarted since.'
    return refuse(request, { status: 404, title: 'Unknown request', sentence, code: 'NOT_FOUND' }, inspected)
  }
  const description = describe(record, inspected)
  return wantsJson(request) ? json(description) : respondPage(requestPage(description))
}

const refused = (request: Request, inspected: Guarded): Response | Promise<Response> =>
  refuse(
    request,
    {
      status: 403,
      title: 'Only on this machine',
      sentence:
        'The inspector shows what everybody does, so it answers on this machine only, at localhost, 127.0.0.1 and [::1].',
      code: 'LOOPBACK_ONLY',
    },
    inspected,
  )

interface Refusal {
  readonly status: number
  readonly title: string
  readonly sentence: string
  readonly code: string
}

function refuse(request: Request, refusal: Refusal, { context }: Inspected): Response | Promise<Response> {
  const { status, title, sentence, code } = refusal
  if (wantsJson(request)) return json({ code, message: sentence }, status)
  const page = errorPage({ title, sentence, code, id: '–', occurredAt: new Date(context.clock.now()) })
  return respondPage(page, { status })
}

const wantsJson = (request: Request): boolean =>
  new URL(request.url).pathname.endsWith('.json') || /\bjson\b/.test(request.headers.get('accept') ?? '')

// Without any header that would let a page of another origin read it.
const json = (document: object, status = 200): Response =>
  Response.json(document, {
    status,
    headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
  })
