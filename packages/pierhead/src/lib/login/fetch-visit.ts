import type { Login } from './login.ts'
import { limitForm } from './read-form.ts'
import type { Visit } from './visit.ts'

export interface FetchVisit<Data> {
  readonly visit: Visit<Data>
  /** The fields of a urlencoded form, read once from a copy: handlers can read the body themselves. */
  readonly readForm: () => Promise<URLSearchParams>
}

/** What a framework knows of a request and login does not. */
export interface FetchFacts {
  /** The request carries a proof that no page of another site can give, in place of the CSRF token. */
  readonly vouched?: boolean
  /** A script that cannot follow to another site: nothing may be started for it. */
  readonly fetched?: boolean
  /** Path and query as the browser sees them. Default: those of the request. */
  readonly target?: string
}

/** Bytes of a multipart form that is searched for the CSRF token. Larger ones need the token in `X-CSRF-Token`. */
const maxMultipartBytes = 1024 * 1024

/** Opens the visit of a request that the framework gives as a `Request`. */
export async function openFetchVisit<Data>(
  login: Login<Data>,
  request: Request,
  facts: FetchFacts = {},
): Promise<FetchVisit<Data>> {
  let token: string | undefined
  const visit = await login.open({
    method: request.method,
    target: facts.target ?? targetOf(request.url),
    header(name) {
      if (name === 'purpose' && facts.fetched === true) return 'prefetch'
      return (name === 'x-csrf-token' ? token : undefined) ?? request.headers.get(name) ?? undefined
    },
  })
  if (visit.session !== undefined) token = facts.vouched ? visit.session.csrfToken : await multipartToken(request)
  let form: Promise<URLSearchParams> | undefined
  return { visit, readForm: () => (form ??= readText(request)) }
}

/** Frameworks build an absolute address from the request line; what follows its authority is the target. */
export function targetOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('//') + 2)
  return start < 0 ? '/' : url.slice(start)
}

async function readText(request: Request): Promise<URLSearchParams> {
  return new URLSearchParams(await limitForm(request.clone()).text())
}

/** The token in a multipart form of known, moderate length. Undefined where there is none, also when it cannot be read. */
async function multipartToken(request: Request): Promise<string | undefined> {
  const { headers, body } = request
  const length = Number(headers.get('content-length') ?? Infinity)
  const isMultipart = /^multipart\/form-data\s*;/i.test(headers.get('content-type') ?? '')
  if (body === null || !isMultipart || headers.has('x-csrf-token') || !(length <= maxMultipartBytes)) return undefined
  const fields = await request
    .clone()
    .formData()
    .catch(() => undefined)
  const token = fields?.get('csrf_token')
  return typeof token === 'string' ? token : undefined
}
