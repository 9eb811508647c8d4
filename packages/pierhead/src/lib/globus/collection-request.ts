import { request as httpRequest, IncomingMessage, type ClientRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isAuthorizationRequirementsError, isGlobusServiceError } from '../../errors.ts'
import { readAnswer } from './answer.ts'
import { defaultMaximumBytes, systemClock, type ServiceClock } from './client-options.ts'
import { guardedLookup, refused } from './collection-address.ts'
import { connectionFailure, timeoutFailure } from './connection-failure.ts'
import { errorOf } from './error-document.ts'
import { idleLimit } from './idle-limit.ts'
import type { Limits } from './repeat-call.ts'

/** What may be written: bytes or text at once, or a stream of bytes. */
export type UploadBody = Uint8Array | string | AsyncIterable<Uint8Array>

export interface FileRequest {
  readonly url: URL
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: UploadBody
  readonly token: string | undefined
  readonly resourceServer: string
  /** Milliseconds without a byte after which data ends in an error. */
  readonly idleTimeout: number
  readonly lookup?: LookupFunction | undefined
  readonly clock?: ServiceClock | undefined
  /** The caller's own, which also ends the body. */
  readonly callerSignal?: AbortSignal | undefined
}

const service = 'collection'
const transferScope = 'urn:globus:auth:scope:transfer.api.globus.org:all'

/**
 * Sends one request and waits for the headers of its answer. By `node:https`, because `fetch` gives no say in which
 * address a name stands for. Redirects are answers like any other.
 */
export async function sendFileRequest(request: FileRequest, limits: Limits): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const { url, method, token, callerSignal } = request
  const isChecked = url.protocol === 'https:'
  const outgoing = (isChecked ? httpsRequest : httpRequest)(url, {
    method,
    headers: { ...request.headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    ...(isChecked && { lookup: guardedLookup(url.hostname, request.lookup) }),
    ...(callerSignal && { signal: callerSignal }),
  })
  const late = (): void => void outgoing.destroy(timeoutFailure(service, limits.deadline.reason))
  const idle = idleLimit(request.clock ?? systemClock, request.idleTimeout, () =>
    outgoing.destroy(timeoutFailure(service, undefined)),
  )
  outgoing.on('response', resolve)
  outgoing.on('error', reject)
  try {
    // The deadline is for the answer to begin: an upload may take as long as it goes on.
    if (request.body === undefined) {
      outgoing.end()
    } else {
      idle.reset()
      // An answer that comes before the whole body was sent counts, not the broken pipe that follows it.
      sendBody(request.body, outgoing, () => idle.reset()).catch(reject)
      await Promise.race([promise, new Promise((done) => outgoing.once('finish', done))])
      idle.stop()
    }
    if (limits.deadline.aborted && request.body === undefined) late()
    limits.deadline.addEventListener('abort', late, { once: true })
    const incoming = await promise
    return isGood(incoming) ? incoming : await fail(request, incoming)
  } catch (error) {
    callerSignal?.throwIfAborted()
    throw failureOf(url, error)
  } finally {
    idle.stop()
    limits.deadline.removeEventListener('abort', late)
  }
}

function failureOf(url: URL, error: unknown): unknown {
  if (isGlobusServiceError(error) || isAuthorizationRequirementsError(error) || error instanceof TypeError) return error
  const isPrivate = error instanceof Error && 'code' in error && error.code === 'PIERHEAD_PRIVATE'
  return isPrivate ? refused('its HTTPS server is private') : connectionFailure(service, url, error)
}

/** What a request brings along is passed on without a copy, and stays open, so that its answer can still be given. */
async function sendBody(body: UploadBody, outgoing: ClientRequest, moved: () => void): Promise<void> {
  if (!(body instanceof IncomingMessage)) return pipeline(chunksOf(body, moved), outgoing)
  body.on('data', moved)
  body.once('error', (error) => outgoing.destroy(error))
  body.once('close', () => body.complete || outgoing.destroy(new Error('The upload was cut.')))
  body.pipe(outgoing)
}

async function* chunksOf(body: UploadBody, moved: () => void): AsyncGenerator<Uint8Array> {
  const chunks = typeof body === 'string' || body instanceof Uint8Array ? [Buffer.from(body)] : body
  for await (const chunk of chunks) {
    moved()
    yield chunk
  }
}

function isGood({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode < 300
}

async function fail({ resourceServer, token, clock }: FileRequest, incoming: IncomingMessage): Promise<never> {
  const headers = new Headers()
  for (const [name, values] of Object.entries(incoming.headersDistinct)) headers.set(name, (values ?? []).join(', '))
  const { statusCode: status = 0 } = incoming
  // Node's web streams are those of the standard library's types.
  const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array<ArrayBuffer>>
  const answer = await readAnswer(service, { ok: false, status, headers, body }, defaultMaximumBytes)
  const now = (clock ?? systemClock).now()
  throw errorOf(answer, {
    service,
    resourceServer,
    token,
    now,
    mayAskFor: (scope) => isOfCollection(scope, resourceServer),
  })
}

/**
 * Anybody may run the server of a collection. It may ask for what is its own, also below Transfer's scope, and not lure
 * people into allowing the application more of other services.
 */
function isOfCollection(scope: string, id: string): boolean {
  const own = `https://auth.globus.org/scopes/${id}/`
  const parts = scope.split(/[[\] ]+/).map((part) => part.replace(/^\*/, ''))
  return parts.every((part) => part === '' || part === transferScope || part.startsWith(own)) && scope.includes(own)
}
