import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { GlobusServiceError, isAuthorizationRequirementsError, isGlobusServiceError } from '../../errors.ts'
import { readAnswer, type Answer } from './answer.ts'
import { defaultMaximumBytes, defaultTimeout, systemClock } from './client-options.ts'
import { fileBody } from './collection-file.ts'
import { errorOf } from './error-document.ts'
import { exchange, type ExchangeOptions } from './proxy-exchange.ts'
import { isBelow, parseProxyTarget } from './proxy-path.ts'
import { proxyRoutes, type ProxyRoute, type ProxyRouteOptions } from './proxy-routes.ts'
import { takeToken } from './repeat-call.ts'
import type { TokenSource } from './token-source.ts'

/** Where the proxy is, and what can be reached through it. Nothing else can. */
export interface ApiProxyOptions extends ProxyRouteOptions, ExchangeOptions {
  /** Path under which requests arrive, such as `/globus`. */
  readonly path: string
}

/** A request as a browser sent it. */
export interface ProxyRequest {
  readonly method: string
  /** Path and query as they stand in the request line. */
  readonly target: string
  readonly headers: Headers
  readonly body: ReadableStream<Uint8Array> | null
  /** Aborts when the browser is gone. */
  readonly signal?: AbortSignal | undefined
}

/** The session of the person whose browser asks. A `LoginSession` fits. */
export interface ProxySession extends TokenSource {
  readonly csrfToken: string
}

/** Sends requests of browsers on to Globus, with tokens that browsers never see. */
export interface ApiProxy {
  /**
   * The answer of the service, or a refusal. Throws `csrf_refused` for a request without the session's CSRF token in
   * `X-CSRF-Token`, and what has to be recovered from: `LoginRequiredError`, `AuthorizationRequirementsError`.
   */
  handle(request: ProxyRequest, session: ProxySession): Promise<Response>
}

const requestHeaders = [
  'accept',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'range',
  'x-globus-client-info',
]
const answerHeaders = [
  'accept-ranges',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
  'retry-after',
]
/** What comes from elsewhere is data: it must not become a page, a script or a frame of our own origin. */
const ownHeaders = {
  'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** `checkCsrf` throws for a request that does not come from a page of the session. */
export function createApiProxy(
  options: ApiProxyOptions,
  checkCsrf: (token: string | null, session: ProxySession) => void,
): ApiProxy {
  const prefix = options.path.replace(/\/+$/, '')
  if (!/^(?:\/[\w.~-]+)+$/.test(prefix))
    throw new TypeError(`path must be a plain path such as /globus, and is ${JSON.stringify(options.path)}.`)
  const routes = proxyRoutes(options)
  return {
    async handle(request, session) {
      checkCsrf(request.headers.get('x-csrf-token'), session)
      const target = parseProxyTarget(request.target, prefix)
      const route = target && routes.get(target.name)
      if (!target || !route || !isBelow(target.path, route.paths)) return refusal(404, 'not_found')
      if (!route.methods.has(request.method))
        return refusal(405, 'method_not_allowed', { allow: [...route.methods].join(', ') })
      try {
        const url = route.urlOf(target.path)
        if (target.search !== '') url.search = target.search
        return await forward({ request, session, route, url }, options)
      } catch (error) {
        return answerTo(error)
      }
    },
  }
}

interface Forwarding {
  readonly request: ProxyRequest
  readonly session: ProxySession
  readonly route: ProxyRoute
  readonly url: URL
}

async function forward({ request, session, route, url }: Forwarding, options: ExchangeOptions): Promise<Response> {
  const { service, resourceServer, isForeign } = route
  const { clock = systemClock, idleTimeout = defaultTimeout } = options
  const deadline = clock.timeout(idleTimeout)
  const signal = request.signal ? AbortSignal.any([deadline, request.signal]) : deadline
  const token = await takeToken({ service, resourceServer, session }, { deadline, signal })
  const headers: Record<string, string> = { 'accept-encoding': 'identity', authorization: `Bearer ${token ?? ''}` }
  const sent = request.body === null ? requestHeaders : [...requestHeaders, 'content-length']
  for (const name of sent) {
    const value = request.headers.get(name)
    if (value !== null) headers[name] = value
  }
  const { method, body } = request
  const incoming = await exchange({ service, url, method, headers, body, isForeign, signal: request.signal }, options)
  const { statusCode: status = 502 } = incoming
  if (status >= 400) return failed(incoming, { service, resourceServer, token, now: clock.now() })
  if (status >= 300 && status !== 304) {
    incoming.destroy()
    const message = `The service ${service} answered with a redirect, which is not followed.`
    throw new GlobusServiceError('globus_answer_invalid', message, { service, status })
  }
  const hasBody = method !== 'HEAD' && ![204, 205, 304].includes(status)
  if (!hasBody) incoming.resume()
  return new Response(hasBody ? fileBody(incoming, { url, clock, idleTimeout, service }) : null, {
    status,
    headers: { ...pick(incoming), ...ownHeaders },
  })
}

function pick({ headers }: IncomingMessage): Record<string, string> {
  const found = answerHeaders.flatMap((name): [string, string][] => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value]] : []
  })
  return Object.fromEntries(found)
}

/** What asks something of the person is thrown; what is left is the service's own document, bounded and without the token. */
async function failed(incoming: IncomingMessage, context: Parameters<typeof errorOf>[1]): Promise<Response> {
  const { statusCode: status = 502 } = incoming
  const headers = new Headers(pick(incoming))
  // Node's web streams are those of the standard library's types.
  const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array<ArrayBuffer>>
  const answer = await readAnswer(context.service, { ok: false, status, headers, body }, defaultMaximumBytes)
  const error = errorOf(answer, context)
  if (isAuthorizationRequirementsError(error) || error.code === 'globus_token_refused') throw error
  return new Response(documentOf(answer, error, context.token), {
    status,
    headers: { 'content-type': 'application/json', ...retryAfter(error), ...ownHeaders },
  })
}

function documentOf(answer: Answer, error: GlobusServiceError, token: string | undefined): string {
  const document = answer.json ?? { code: error.serviceCode, message: error.serviceMessage || error.message }
  const text = JSON.stringify(document)
  return token === undefined ? text : text.replaceAll(token, '[token]')
}

function retryAfter({ retryAfter: seconds }: GlobusServiceError): Record<string, string> {
  return seconds === undefined ? {} : { 'retry-after': String(seconds) }
}

/** A service that cannot be used answers by ourselves; a login or a requirement is for the caller to recover from. */
function answerTo(error: unknown): Response {
  if (!isGlobusServiceError(error) || error.code === 'globus_token_refused') throw error
  const isPassing = error.code === 'globus_service_unreachable' || error.code === 'globus_service_timeout'
  return refusal(isPassing ? 503 : 502, error.code)
}

function refusal(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Response {
  const body = JSON.stringify({ type: 'about:blank', status, title: 'This request was not sent on.', code })
  return new Response(body, {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers, ...ownHeaders },
  })
}
