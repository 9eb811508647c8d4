import { allowInsecureRequests, customFetch, type CustomFetchOptions } from 'oauth4webapi'
import { LoginError } from '../../errors.ts'
import type { ProviderOptions } from './provider.ts'

/** The whole answer of a provider, read and bounded. */
export interface Answer {
  readonly status: number
  readonly contentType: string
  /** Decompressed; at most {@link maximumBodyBytes}. */
  readonly body: Uint8Array
  /** Seconds by which the provider's `Date` is ahead of our clock; undefined when it sent none. */
  readonly clockAhead: number | undefined
}

/** Options that every request of oauth4webapi gets from us. */
export interface RequestOptions {
  readonly [customFetch]: (
    url: string,
    init: CustomFetchOptions<string, URLSearchParams | undefined>,
  ) => Promise<Response>
  readonly [allowInsecureRequests]: boolean
  readonly signal?: AbortSignal
}

/** No document of a login is near this size; a larger one is an attack or a mistake. */
export const maximumBodyBytes: number = 1024 * 1024

/**
 * Sends one request and reads its answer. Redirects are not followed: a 3xx is an answer like any other.
 *
 * @param what names the endpoint in messages, such as `token endpoint`
 * @throws LoginError `provider_timeout` when `signal` fires, `provider_unreachable` when the connection fails or
 *   breaks, `provider_error` when what came is not HTTP or too large
 */
export async function callProvider(
  options: ProviderOptions,
  call: { what: string; signal: AbortSignal | undefined },
  send: (options: RequestOptions) => Promise<Response>,
): Promise<Answer> {
  try {
    const response = await send({
      [customFetch]: (url, { body, signal, ...init }) =>
        options.fetch(url, { ...init, ...(body && { body }), ...(signal && { signal }) }),
      // Addresses were checked when the metadata was read: https, or http on a loopback issuer.
      [allowInsecureRequests]: true,
      ...(call.signal && { signal: call.signal }),
    })
    return {
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      clockAhead: secondsAhead(response.headers.get('date'), options.now()),
      body: await readBody(call.what, response),
    }
  } catch (error) {
    throw asLoginError(call, error)
  }
}

/** Waits for work that is shared between callers, but no longer than the own signal allows. */
export async function waitShared<T>(what: string, shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return shared
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(timeout(what, signal.reason))
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([shared, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

async function readBody(what: string, response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  // Chunks arrive decompressed, so this bounds a compressed bomb too. Leaving the loop closes the connection.
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength
    if (length > maximumBodyBytes) {
      throw new LoginError('provider_error', `The ${what} sent more than ${maximumBodyBytes} bytes.`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function asLoginError(call: { what: string; signal: AbortSignal | undefined }, error: unknown): LoginError {
  if (error instanceof LoginError) return error
  if (call.signal?.aborted) return timeout(call.what, error)
  const code = deepestCode(error)
  // A mistake of our caller, such as an empty token, says nothing about the provider.
  if (error instanceof TypeError && code.startsWith('ERR_INVALID_ARG')) throw error
  const detail = code ? ` (${code})` : ''
  if (/TIMEOUT|ETIMEDOUT/.test(code)) return timeout(call.what, error)
  if (/^(?:HTTPParserError|Z_|UND_ERR_(?:HEADERS_OVERFLOW|RES_)|OAUTH_)/.test(code)) {
    return new LoginError('provider_error', `The ${call.what} sent something that is not a valid answer${detail}.`, {
      cause: error,
    })
  }
  return new LoginError('provider_unreachable', `The ${call.what} could not be reached${detail}.`, { cause: error })
}

function timeout(what: string, cause: unknown): LoginError {
  return new LoginError('provider_timeout', `The ${what} did not answer in time.`, { cause })
}

/** The innermost `code` along the chain of causes: Node's fetch hides the reason one or two levels down. */
function deepestCode(error: unknown): string {
  let code = ''
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    // undici's parser error has a name only.
    if (at.name === 'HTTPParserError') code = at.name
    if ('code' in at && typeof at.code === 'string') code = at.code
  }
  return code
}

function secondsAhead(date: string | null, now: number): number | undefined {
  const time = Date.parse(date ?? '')
  return Number.isNaN(time) ? undefined : Math.round((time - now) / 1000)
}
