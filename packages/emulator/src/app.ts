import { Hono } from 'hono'
import { authCode } from './auth/auth-code.ts'
import { PageError } from './auth/authorization-error.ts'
import { authorize } from './auth/authorize.ts'
import { showConsent, submitConsent } from './auth/consent.ts'
import { discovery } from './auth/discovery.ts'
import { introspect } from './auth/introspect.ts'
import { jwks } from './auth/jwks.ts'
import { showLogin, submitLogin } from './auth/login.ts'
import { logout } from './auth/logout.ts'
import { errorPage } from './auth/pages/error-page.ts'
import { respondPage } from './auth/pages/respond.ts'
import { style } from './auth/pages/style.ts'
import { revoke } from './auth/revoke.ts'
import { token } from './auth/token.ts'
import { userinfo } from './auth/userinfo.ts'
import { validate } from './auth/validate.ts'
import type { EmulatorContext } from './context.ts'
import { applyFault } from './apply-fault.ts'
import { ConnectionCut, type EndpointName } from './faults.ts'
import { corsHeaders, preflightResponse } from './http/cors.ts'
import { ApiError, jsonApiError, notImitated } from './http/error-documents.ts'
import { isAllowedHost, isOwnForm, type HostRules } from './http/guard.ts'
import { formatRequest, type Log } from './log.ts'
import { randomUuid } from './random.ts'
import { answerTransfer } from './transfer/answer.ts'
import { transferRoutes } from './transfer/routes.ts'

/** Does the work of one endpoint. */
export type Handler = (request: Request, context: EmulatorContext) => Response | Promise<Response>

export interface AppOptions {
  readonly context: EmulatorContext
  readonly hosts: HostRules
  readonly log: Log
  /** Counts requests by path. */
  readonly requestCounts: Map<string, number>
}

/** `api`: JSON, no cookies, any origin. `page`: HTML and cookies, forms from own pages only. */
interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly name: EndpointName
  readonly kind: 'api' | 'page'
  readonly handle: Handler
}

const routes: readonly Route[] = [
  { method: 'GET', path: '/.well-known/openid-configuration', name: 'discovery', kind: 'api', handle: discovery },
  { method: 'GET', path: '/jwk.json', name: 'jwks', kind: 'api', handle: jwks },
  { method: 'GET', path: '/v2/oauth2/authorize', name: 'authorize', kind: 'page', handle: authorize },
  { method: 'GET', path: '/p/login', name: 'login', kind: 'page', handle: showLogin },
  { method: 'POST', path: '/p/login', name: 'login', kind: 'page', handle: submitLogin },
  { method: 'GET', path: '/p/consent', name: 'consent', kind: 'page', handle: showConsent },
  { method: 'POST', path: '/p/consent', name: 'consent', kind: 'page', handle: submitConsent },
  { method: 'POST', path: '/v2/oauth2/token', name: 'token', kind: 'api', handle: token },
  { method: 'GET', path: '/v2/oauth2/userinfo', name: 'userinfo', kind: 'api', handle: userinfo },
  { method: 'POST', path: '/v2/oauth2/userinfo', name: 'userinfo', kind: 'api', handle: userinfo },
  { method: 'POST', path: '/v2/oauth2/token/revoke', name: 'revoke', kind: 'api', handle: revoke },
  { method: 'POST', path: '/v2/oauth2/token/introspect', name: 'introspect', kind: 'api', handle: introspect },
  { method: 'POST', path: '/v2/oauth2/token/validate', name: 'validate', kind: 'api', handle: validate },
  { method: 'GET', path: '/v2/web/logout', name: 'logout', kind: 'page', handle: logout },
  { method: 'GET', path: '/v2/web/auth-code', name: 'auth-code', kind: 'page', handle: authCode },
]

/** Makes the function that answers every request to the emulator. */
export function createApp(options: AppOptions): (request: Request) => Promise<Response> {
  const hono = new Hono({ getPath: pathOf })
  for (const route of routes) hono.on(route.method, route.path, (c) => answer(c.req.raw, route, options.context))
  for (const path of new Set(routes.filter(({ kind }) => kind === 'api').map((route) => route.path))) {
    hono.options(path, (c) => preflightResponse(c.req.raw))
  }
  mountTransfer(hono, options.context)
  hono.get('/p/style.css', style)
  hono.get('/favicon.ico', () => new Response(null, { status: 204 }))
  hono.get('/', () => Response.redirect(`${options.context.issuer}/.well-known/openid-configuration`))
  hono.notFound((c) => refuseUnknown(c.req.raw))
  // What an endpoint throws is answered there; what comes through is for the server (a cut connection) or a defect.
  hono.onError((error) => {
    throw error
  })
  return async (request) => observe(request, async () => hono.fetch(request), options)
}

function mountTransfer(hono: Hono, context: EmulatorContext): void {
  for (const route of transferRoutes) {
    hono.on(route.method, route.path, async (c) => {
      const { response, reason } = await answerTransfer(c.req.raw, c.req.param(), { route, context })
      if (reason !== undefined) reasons.set(response, reason)
      return withHeaders(response, corsHeaders(c.req.raw))
    })
  }
  for (const path of new Set(transferRoutes.map((route) => route.path))) {
    hono.options(path, (c) => preflightResponse(c.req.raw))
  }
}

/** Some clients join an issuer with a trailing slash and a path with a leading one. */
const pathOf = (request: Request): string => new URL(request.url).pathname.replace(/^\/{2,}/, '/')

/** Counts and logs a request, and refuses those sent to a name that is not the emulator's. */
async function observe(request: Request, respond: () => Promise<Response>, options: AppOptions): Promise<Response> {
  const { context, hosts, log, requestCounts } = options
  const path = pathOf(request)
  const from = context.clock.now()
  const write = (status: number, reason?: string): void =>
    log(formatRequest({ method: request.method, path, status, milliseconds: context.clock.now() - from, reason }))
  requestCounts.set(path, (requestCounts.get(path) ?? 0) + 1)
  if (!isAllowedHost(request, hosts)) {
    write(421, 'sent to a host name that is not the emulator’s')
    return Response.json(
      { error: 'misdirected_request', error_description: 'This is not a host name of the local emulator' },
      { status: 421 },
    )
  }
  try {
    const response = await respond()
    write(response.status, reasons.get(response))
    return response
  } catch (error) {
    if (!(error instanceof ConnectionCut)) throw error
    write(0, 'connection cut on purpose')
    throw error
  }
}

/** Why a response refuses, for the log. */
const reasons = new WeakMap<Response, string>()

async function answer(request: Request, route: Route, context: EmulatorContext): Promise<Response> {
  const work = async (): Promise<Response> => {
    try {
      if (route.kind === 'page' && request.method === 'POST' && !isOwnForm(request)) throw foreignForm()
      return await route.handle(request, context)
    } catch (error) {
      return refuse(error, route, context)
    }
  }
  const response = await applyFault(context.faults.take(route.name), work, {
    clock: context.clock,
    signal: request.signal,
  })
  return route.kind === 'api' ? withHeaders(response, corsHeaders(request)) : response
}

const foreignForm = (): PageError =>
  new PageError({
    title: 'This form came from elsewhere',
    sentence: 'Only pages of the emulator itself may send this form.',
    code: 'FOREIGN_FORM',
    status: 403,
  })

async function refuse(error: unknown, route: Route, context: EmulatorContext): Promise<Response> {
  const response = route.kind === 'page' ? await pageFor(error, context) : documentFor(error, context)
  reasons.set(response, error instanceof Error ? error.message : 'failed')
  return response
}

function documentFor(error: unknown, context: EmulatorContext): Response {
  if (error instanceof ApiError) {
    return Response.json(error.document, { status: error.status, headers: { 'cache-control': 'no-store' } })
  }
  reportDefect(error, context)
  const defect = jsonApiError({
    status: 500,
    code: 'INTERNAL',
    title: 'Internal Server Error',
    detail: 'The emulator failed',
  })
  return Response.json(defect.document, { status: defect.status })
}

function pageFor(error: unknown, context: EmulatorContext): Promise<Response> {
  const id = randomUuid(context.random)
  const occurredAt = new Date(context.clock.now())
  if (error instanceof PageError) {
    const { title, message: sentence, code, status } = error
    return respondPage(errorPage({ title, sentence, code, id, occurredAt }), { status })
  }
  if (error instanceof ApiError) {
    const sentence = `${error.message}.`
    return respondPage(errorPage({ title: 'Error processing the form', sentence, code: 'BAD_FORM', id, occurredAt }), {
      status: error.status,
    })
  }
  reportDefect(error, context)
  const page = errorPage({
    title: 'The emulator failed',
    sentence: 'Its log says why.',
    code: 'INTERNAL',
    id,
    occurredAt,
  })
  return respondPage(page, { status: 500 })
}

const reportDefect = (error: unknown, context: EmulatorContext): void =>
  context.warn(`defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)

function refuseUnknown(request: Request): Response {
  const { status, document } = notImitated(`${request.method} ${pathOf(request)}`)
  const response = Response.json(document, { status, headers: corsHeaders(request) })
  reasons.set(response, 'not imitated')
  return response
}

function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}
