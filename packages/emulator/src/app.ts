import { Hono } from 'hono'
import { PageError } from './auth/authorization-error.ts'
import { errorPage } from './auth/pages/error-page.ts'
import { redirectFromPage, respondPage } from './auth/pages/respond.ts'
import { style } from './auth/pages/style.ts'
import type { EmulatorContext } from './context.ts'
import { answerWithFaults } from './apply-fault.ts'
import { environmentScript } from './environment-script.ts'
import { ConnectionCut } from './faults.ts'
import { shapeBody } from './faults/shape-body.ts'
import { answerOrigin, originLabel } from './https-data/route.ts'
import { corsHeaders, preflightResponse } from './http/cors.ts'
import { ApiError, jsonApiError, notImitated } from './http/error-documents.ts'
import { isAllowedHost, isOwnForm, type HostRules } from './http/guard.ts'
import { nameRequest, requestIdOf, withRequestId } from './http/request-id.ts'
import { inspect, inspectOne } from './inspector/inspect.ts'
import type { Recorder } from './inspector/recorder.ts'
import { formatRequest, type Log } from './log.ts'
import { showOutbox } from './outbox/show.ts'
import { pressForPerson } from './press-for-person.ts'
import { randomUuid } from './random.ts'
import { routes, type PathParameters, type Route } from './routes.ts'
import { answerService } from './services/answer.ts'
import { serviceRoutes } from './services/routes.ts'
import { answerTransfer } from './transfer/answer.ts'
import { transferRoutes } from './transfer/routes.ts'

export interface AppOptions {
  readonly context: EmulatorContext
  readonly hosts: HostRules
  readonly log: Log
  /** Counts requests by path. */
  readonly requestCounts: Map<string, number>
  /** Keeps the last requests for the inspector. */
  readonly recorder: Recorder
}

/** Makes the function that answers every request to the emulator. */
export function createApp(options: AppOptions): (request: Request) => Promise<Response> {
  const hono = new Hono({ getPath: pathOf })
  for (const route of routes) {
    hono.on(route.method, route.path, (c) => {
      const called = { request: c.req.raw, parameters: c.req.param() }
      return answer(called, route, options.context)
    })
  }
  allowPreflights(
    hono,
    routes.filter(({ kind }) => kind === 'api'),
  )
  mount(hono, { routes: transferRoutes, answer: answerTransfer }, options.context)
  mount(hono, { routes: serviceRoutes, answer: answerService }, options.context)
  hono.get('/p/style.css', style)
  hono.get('/env.js', (c) => environmentScript(c.req.raw, options.context))
  hono.get('/favicon.ico', () => new Response(null, { status: 204 }))
  hono.get('/inspector', (c) => inspect(c.req.raw, options))
  hono.get('/inspector.json', (c) => inspect(c.req.raw, options))
  hono.get('/inspector/:id', (c) => inspectOne(c.req.raw, c.req.param('id'), options))
  for (const path of ['/outbox', '/outbox.json']) hono.get(path, (c) => showOutbox(c.req.raw, options.context))
  hono.get('/', () => redirectFromPage(`${options.context.issuer}/.well-known/openid-configuration`))
  hono.notFound((c) => refuseUnknown(c.req.raw))
  // What an endpoint throws is answered there; what comes through is for the server (a cut connection) or a defect.
  hono.onError((error) => {
    throw error
  })
  const send = async (request: Request): Promise<Response> => {
    const answer = async (): Promise<Response> => (await answerFile(request, options.context)) ?? hono.fetch(request)
    return shapeBody(await observe(request, answer, { ...options, send }), options.context.clock)
  }
  return send
}

async function answerFile(request: Request, context: EmulatorContext): Promise<Response | undefined> {
  const answer = await answerOrigin(request, context)
  if (answer?.reason !== undefined) reasons.set(answer.response, answer.reason)
  return answer?.response
}

interface ServiceApi<R> {
  readonly routes: readonly R[]
  readonly answer: (
    request: Request,
    parameters: Readonly<Record<string, string>>,
    called: { readonly route: R; readonly context: EmulatorContext },
  ) => Promise<{ readonly response: Response; readonly reason: string | undefined }>
}

/** Operations that browsers elsewhere may call. */
function mount<R extends { readonly method: string; readonly path: string }>(
  hono: Hono,
  { routes, answer }: ServiceApi<R>,
  context: EmulatorContext,
): void {
  for (const route of routes) {
    hono.on(route.method, route.path, async (c) => {
      const { response, reason } = await answer(c.req.raw, c.req.param(), { route, context })
      if (reason !== undefined) reasons.set(response, reason)
      return withHeaders(response, corsHeaders(c.req.raw))
    })
  }
  allowPreflights(hono, routes)
}

function allowPreflights(hono: Hono, api: readonly { readonly path: string; readonly method: string }[]): void {
  for (const [path, entries] of Map.groupBy(api, (route) => route.path)) {
    const methods = entries.map(({ method }) => method)
    hono.options(path, (c) => preflightResponse(c.req.raw, methods))
  }
}

/** Some clients join an issuer with a trailing slash and a path with a leading one. */
const pathOf = (request: Request): string => new URL(request.url).pathname.replace(/^\/{2,}/, '/')

interface Observing extends AppOptions {
  /** Answers a further request, as if a browser had sent it. */
  readonly send: (request: Request) => Promise<Response>
}

/** Counts, logs and keeps a request, and refuses those sent to a name that is not the emulator's. */
async function observe(request: Request, respond: () => Promise<Response>, options: Observing): Promise<Response> {
  const { context, log, requestCounts, recorder } = options
  const path = originLabel(request, pathOf(request), context)
  const at = context.clock.now()
  const id = nameRequest(request, randomUuid(context.random))
  requestCounts.set(path, (requestCounts.get(path) ?? 0) + 1)
  const finish = async (response: Response | undefined, reason?: string): Promise<void> => {
    const milliseconds = context.clock.now() - at
    log(formatRequest({ method: request.method, path, status: response?.status ?? 0, milliseconds, reason }))
    await recorder.add(request, { id, at, path, milliseconds, reason, response })
  }
  try {
    const response = withHeaders(await respondTo(request, respond, options), { 'x-request-id': id })
    await finish(response, reasons.get(response))
    if (context.origins.idFor(request) !== undefined) return response
    return await pressForPerson(request, response, { context, send: options.send })
  } catch (error) {
    if (error instanceof ConnectionCut) await finish(undefined, 'connection cut on purpose')
    throw error
  }
}

async function respondTo(request: Request, respond: () => Promise<Response>, options: AppOptions): Promise<Response> {
  if (isAllowedHost(request, options.hosts) || options.context.origins.idFor(request) !== undefined) return respond()
  const document = {
    error: 'misdirected_request',
    error_description: 'This is not a host name of the local emulator',
  }
  const response = Response.json(document, { status: 421 })
  reasons.set(response, 'sent to a host name that is not the emulator’s')
  return response
}

/** Why a response refuses, for the log. */
const reasons = new WeakMap<Response, string>()

interface Called {
  readonly request: Request
  readonly parameters: PathParameters
}

async function answer({ request, parameters }: Called, route: Route, context: EmulatorContext): Promise<Response> {
  const work = async (mood: EmulatorContext): Promise<Response> => {
    try {
      if (route.kind === 'page' && request.method === 'POST' && !isOwnForm(request)) throw foreignForm()
      return await route.handle(request, mood, parameters)
    } catch (error) {
      return refuse(error, { route, id: requestIdOf(request) }, context)
    }
  }
  const response = await answerWithFaults(request, work, { endpoint: route.name, context })
  return route.kind === 'api' ? withHeaders(response, corsHeaders(request)) : response
}

const foreignForm = (): PageError =>
  new PageError({
    title: 'This form came from elsewhere',
    sentence: 'Only pages of the emulator itself may send this form.',
    code: 'FOREIGN_FORM',
    status: 403,
  })

interface Refused {
  readonly route: Route
  /** The id of the request. */
  readonly id: string
}

async function refuse(error: unknown, { route, id }: Refused, context: EmulatorContext): Promise<Response> {
  const response = route.kind === 'page' ? await pageFor(error, id, context) : documentFor(error, id, context)
  reasons.set(response, error instanceof Error ? error.message : 'failed')
  return response
}

function documentFor(error: unknown, id: string, context: EmulatorContext): Response {
  if (error instanceof ApiError) {
    return Response.json(withRequestId(error.document, id), {
      status: error.status,
      headers: { 'cache-control': 'no-store' },
    })
  }
  reportDefect(error, context)
  const defect = jsonApiError({
    status: 500,
    code: 'INTERNAL',
    title: 'Internal Server Error',
    detail: 'The emulator failed',
  })
  return Response.json(withRequestId(defect.document, id), { status: defect.status })
}

function pageFor(error: unknown, id: string, context: EmulatorContext): Promise<Response> {
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
  const named = withRequestId(document, requestIdOf(request))
  const response = Response.json(named, { status, headers: corsHeaders(request) })
  reasons.set(response, 'not imitated')
  return response
}

function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value)
  return response
}
