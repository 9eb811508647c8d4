import type { SDKOptions } from '@globus/sdk/services/types'
import { GlobusServiceError, isAuthorizationRequirementsError, isGlobusServiceError } from '../../errors.ts'
import { readAnswer } from './answer.ts'
import { defaultMaximumBytes, systemClock, type CallOptions, type ClientOptions } from './client-options.ts'
import { connectionFailure, timeoutFailure } from './connection-failure.ts'
import { errorOf } from './error-document.ts'
import { repeatCall, sendWithToken, type Limits } from './repeat-call.ts'
import { isRepeatable } from './retry.ts'
import { environment } from './services.ts'
import type { TokenSource } from './token-source.ts'

/** Where a call goes and whose token goes with it. */
export interface Target {
  /** For errors: `transfer`. */
  readonly service: string
  readonly resourceServer: string
  /** The address of the service; the SDK's own idea of it is replaced by this one. */
  readonly baseUrl: URL
  /** Undefined: no token is sent. */
  readonly session: TokenSource | undefined
  /** For POST and PATCH: may be sent twice. Default false; other methods may. */
  readonly idempotent?: boolean
}

export type SendWithSdk = (sdk: SDKOptions) => Promise<unknown>

/**
 * Makes one call of the SDK with our own transport under it, and gives the parsed JSON of the answer.
 *
 * Repeats what may be repeated after 429, 502, 503, 504 and network errors, up to five times within the deadline. After a
 * 401 the token source is told, and the call is made once more if it has another token: nothing was done yet.
 *
 * @throws GlobusServiceError, AuthorizationRequirementsError, or what the token source or `options.signal` throw
 */
export async function callSdk(
  target: Target,
  send: SendWithSdk,
  options: ClientOptions & CallOptions = {},
): Promise<unknown> {
  let answer: Promise<unknown> | undefined
  const transport: typeof fetch = async (input, init) => {
    if (answer) throw new TypeError('One call of the SDK at a time: it made a second request.')
    answer = exchange(target, requestOf(target, input, init), options)
    await answer
    // The SDK hands this on unread.
    return new Response()
  }
  // The SDK would throw V8's own message, which holds part of the setting, which may be a token.
  if (!isReadable(process.env['GLOBUS_SDK_OPTIONS'])) throw new TypeError('GLOBUS_SDK_OPTIONS is no valid JSON.')
  await send({ environment: environment(), fetch: { options: { __callable: transport } } })
  if (!answer) throw new TypeError('The SDK was not called with the options that it was given.')
  return answer
}

function isReadable(json: string | undefined): boolean {
  try {
    if (json !== undefined) JSON.parse(json)
    return true
  } catch {
    return false
  }
}

interface Request {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: BodyInit | null
}

/** Never from elsewhere: process-wide `GLOBUS_SDK_OPTIONS` and options of a call could name any of them, in any case. */
const ownHeaders = ['authorization', 'cookie', 'host', 'proxy-authorization']

function requestOf(target: Target, input: string | URL | globalThis.Request, init: RequestInit | undefined): Request {
  const { pathname, search } = new URL(typeof input === 'object' && 'url' in input ? input.url : input)
  const url = new URL(target.baseUrl)
  url.pathname = url.pathname.replace(/\/+$/, '') + pathname
  url.search = search
  const headers = new Headers({ accept: 'application/json' })
  // One by one: names that differ in case only would be joined.
  for (const [name, value] of Object.entries(init?.headers ?? {})) headers.set(name, String(value))
  for (const name of ownHeaders) headers.delete(name)
  return { url, method: init?.method ?? 'GET', headers, body: init?.body ?? null }
}

function exchange(target: Target, request: Request, options: ClientOptions & CallOptions): Promise<unknown> {
  const repeatable = isRepeatable(request.method, target.idempotent)
  return repeatCall({ ...options, service: target.service, repeatable }, (limits) =>
    sendWithToken(target, limits, (token) => attempt(target, request, { options, limits, token })),
  )
}

async function attempt(
  target: Target,
  request: Request,
  { options, limits, token }: { options: ClientOptions & CallOptions; limits: Limits; token: string | undefined },
): Promise<unknown> {
  const { service, resourceServer } = target
  const headers = new Headers(request.headers)
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  try {
    const response = await (options.fetch ?? fetch)(request.url, {
      ...request,
      headers,
      redirect: 'manual',
      signal: limits.signal,
    })
    const answer = await readAnswer(service, response, options.maximumBytes ?? defaultMaximumBytes)
    if (!response.ok)
      throw errorOf(answer, { service, resourceServer, token, now: (options.clock ?? systemClock).now() })
    if (answer.isJson) return answer.json
    const message = `The service ${service} answered ${answer.status} with something that is no JSON document.`
    throw new GlobusServiceError('globus_answer_invalid', message, { service, status: answer.status })
  } catch (error) {
    options.signal?.throwIfAborted()
    if (isGlobusServiceError(error) || isAuthorizationRequirementsError(error)) throw error
    throw limits.deadline.aborted ? timeoutFailure(service, error) : connectionFailure(service, request.url, error)
  }
}
