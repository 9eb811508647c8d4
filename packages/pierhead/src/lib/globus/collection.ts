import type { IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'
import { defaultTimeout, systemClock, type CallOptions, type ServiceClock } from './client-options.ts'
import { fileUrl, isLocalGlobus, type Collection } from './collection-address.ts'
import { sendFileRequest, type FileRequest, type UploadBody } from './collection-request.ts'
import { fileBody, fileInfo, type CollectionFile, type FileInfo } from './collection-file.ts'
import { requireUuid } from './identifiers.ts'
import { repeatCall, sendWithToken } from './repeat-call.ts'
import type { TokenSource } from './token-source.ts'

/** For all files of a client. */
export interface CollectionOptions {
  /** Milliseconds until an answer begins, attempts and waits included. Default 30,000. */
  readonly timeout?: number
  /** Milliseconds without a byte, in either direction, after which data ends in an error. Default 30,000. */
  readonly idleTimeout?: number
  /** Tells the time, for tests. Default: the system's. */
  readonly clock?: ServiceClock
  /** From 0 to 1, for the jitter of waits. Default `Math.random`. */
  readonly random?: () => number
  /** How names become addresses. Default: Node's own. Private addresses are refused whatever it says. */
  readonly lookup?: LookupFunction
}

/** Which part of a file to read. */
export interface GetOptions extends CallOptions {
  /** First and last byte, counted from 0; without `end`, up to the end of the file. */
  readonly range?: { readonly start: number; readonly end?: number }
}

/** What is known of a file before it is sent. */
export interface PutOptions extends CallOptions {
  /** Default `application/octet-stream`. */
  readonly contentType?: string
  /** Bytes of a stream, when they are known: without them it is sent in chunks. */
  readonly size?: number
}

/** Files of one collection over HTTPS. Paths are as people write them, not encoded. There is no listing: Transfer has one. */
export interface CollectionClient {
  /** The file as a stream. Read it to its end or cancel it: it holds a connection. */
  get(path: string, options?: GetOptions): Promise<CollectionFile>
  head(path: string, options?: CallOptions): Promise<FileInfo>
  /** Writes a file. A stream is sent once; bytes and text may be sent again after a failure that passes. */
  put(path: string, body: UploadBody, options?: PutOptions): Promise<void>
  remove(path: string, options?: CallOptions): Promise<void>
}

/**
 * HTTPS access to a collection, given as the endpoint document that Transfer has for it. Needs the scope `https` of the
 * collection in the login; without a session, only what everybody may read.
 * See <https://docs.globus.org/globus-connect-server/v5/https-access-collections/>.
 */
export function collectionClient(
  session: TokenSource | undefined,
  collection: Collection,
  options: CollectionOptions = {},
): CollectionClient {
  const resourceServer = requireUuid(collection.id, 'The id of the collection')
  const { idleTimeout = defaultTimeout, clock = systemClock } = options

  const send = (path: string, request: Pick<FileRequest, 'method' | 'headers' | 'body'>, call: CallOptions = {}) => {
    const url = fileUrl(collection, path, isLocalGlobus())
    const { body } = request
    const repeatable = body === undefined || typeof body === 'string' || body instanceof Uint8Array
    return repeatCall(
      { ...options, ...call, service: 'collection', repeatable },
      (limits): Promise<IncomingMessage> => {
        const { signal: callerSignal } = call
        const { lookup } = options
        const tokens = { service: 'collection', resourceServer, session, sentOnce: !repeatable }
        return sendWithToken(tokens, limits, (token) =>
          sendFileRequest({ ...request, url, token, resourceServer, idleTimeout, lookup, clock, callerSignal }, limits),
        )
      },
    )
  }

  return {
    async get(path, { range, ...call } = {}) {
      const headers: Record<string, string> = range ? { range: rangeHeader(range) } : {}
      const incoming = await send(path, { method: 'GET', headers }, call)
      return {
        ...fileInfo(incoming),
        body: fileBody(incoming, { url: fileUrl(collection, path, isLocalGlobus()), clock, idleTimeout }),
      }
    },
    async head(path, call) {
      const incoming = await send(path, { method: 'HEAD', headers: {} }, call)
      incoming.resume()
      return fileInfo(incoming)
    },
    async put(path, body, { contentType = 'application/octet-stream', size, ...call } = {}) {
      const length = typeof body === 'string' || body instanceof Uint8Array ? Buffer.byteLength(body) : size
      const headers = { 'content-type': contentType, ...(length !== undefined && { 'content-length': String(length) }) }
      const incoming = await send(path, { method: 'PUT', headers, body }, call)
      incoming.resume()
    },
    async remove(path, call) {
      const incoming = await send(path, { method: 'DELETE', headers: {} }, call)
      incoming.resume()
    },
  }
}

function rangeHeader({ start, end }: { readonly start: number; readonly end?: number }): string {
  const isFit =
    Number.isSafeInteger(start) && start >= 0 && (end === undefined || (Number.isSafeInteger(end) && end >= start))
  if (!isFit) throw new TypeError('A range must be whole numbers from 0, its end not before its start.')
  return `bytes=${start}-${end ?? ''}`
}
