import { isGlobusServiceError, type GlobusServiceError } from '../../errors.ts'
import { defaultTimeout, systemClock, type CallOptions, type ClientOptions } from './client-options.ts'
import { timeoutFailure } from './connection-failure.ts'
import { isPassing, maximumRetries, waitBefore } from './retry.ts'
import type { TokenSource } from './token-source.ts'

export interface Limits {
  readonly deadline: AbortSignal
  /** The deadline, or the caller's own signal. */
  readonly signal: AbortSignal
}

export interface RepeatOptions extends CallOptions, Pick<ClientOptions, 'clock' | 'random'> {
  readonly service: string
  readonly repeatable: boolean
}

/** Makes attempts until one succeeds, fails for good, or the deadline or the caller ends the call. */
export async function repeatCall<T>(options: RepeatOptions, attempt: (limits: Limits) => Promise<T>): Promise<T> {
  const { clock = systemClock, random = Math.random } = options
  const deadline = clock.timeout(options.timeout ?? defaultTimeout)
  const limits = { deadline, signal: options.signal ? AbortSignal.any([deadline, options.signal]) : deadline }
  for (let retry = 0; ; retry += 1) {
    options.signal?.throwIfAborted()
    try {
      return await attempt(limits)
    } catch (error) {
      options.signal?.throwIfAborted()
      if (!options.repeatable || retry >= maximumRetries || !mayPass(error)) throw error
      const wait = waitBefore(retry, error.retryAfter, random)
      if (wait === undefined || deadline.aborted) throw error
      await clock.wait(wait, limits.signal).catch(() => {
        options.signal?.throwIfAborted()
        throw error
      })
    }
  }
}

function mayPass(error: unknown): error is GlobusServiceError {
  if (!isGlobusServiceError(error)) return false
  if (error.code === 'globus_service_unreachable') return true
  return error.status !== undefined && isPassing(error.status, error.serviceCode)
}

export interface TokenRequest {
  readonly service: string
  readonly resourceServer: string
  /** Undefined: no token is sent. */
  readonly session: TokenSource | undefined
  /** The body is a stream and gone after the first attempt. Default false. */
  readonly sentOnce?: boolean
}

/** Sends with a token. One that the service refuses with 401 is given back, and what comes in its place is sent once. */
export async function sendWithToken<T>(
  request: TokenRequest,
  limits: Limits,
  send: (token: string | undefined) => Promise<T>,
): Promise<T> {
  const token = await takeToken(request, limits)
  try {
    return await send(token)
  } catch (error) {
    const isRefused = isGlobusServiceError(error) && error.code === 'globus_token_refused'
    if (token === undefined || !isRefused || request.sentOnce === true) throw error
    const next = await takeToken(request, limits, token)
    if (next === token) throw error
    return await send(next)
  }
}

/** A token that a header can carry; waits for the token source no longer than the limits allow. */
export async function takeToken(
  request: TokenRequest,
  { deadline, signal }: Limits,
  refused?: string,
): Promise<string | undefined> {
  if (!request.session) return undefined
  const { promise: ended, reject } = Promise.withResolvers<never>()
  const stop = (): void => reject(deadline.aborted ? timeoutFailure(request.service, deadline.reason) : signal.reason)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    const asked = request.session.accessToken(request.resourceServer, ...(refused === undefined ? [] : [{ refused }]))
    const token = await Promise.race([asked, ended])
    // `Headers` would refuse it too, in words that hold the token.
    if (!/^[\x21-\x7e]+$/.test(token)) throw new TypeError('The token source gave something that is no token.')
    return token
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
