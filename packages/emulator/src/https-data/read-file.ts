import { closeSync, createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { allowsRange, evaluateConditions } from './conditions.ts'
import { contentDisposition, contentTypeOf } from './content-type.ts'
import { openFile, type OpenFile } from './open-file.ts'
import type { Permit } from './permit.ts'
import { parseRange, type ByteRange } from './range.ts'
import type { RequestedFile } from './request-path.ts'
import { preconditionFailed } from './write-file.ts'

const CHUNK = 256 * 1024

/** `GET` and `HEAD`: the file, a part of it, or that it has not changed. */
export function readFile(request: Request, file: RequestedFile, permit: Permit): Response {
  const open = openFile(file, permit)
  let isTaken = false
  try {
    const response = respond(request, open)
    isTaken = response.body !== null
    return response
  } finally {
    if (!isTaken) closeSync(open.handle)
  }
}

function respond(request: Request, open: OpenFile): Response {
  const verdict = evaluateConditions(request, open)
  if (verdict === 'failed') throw preconditionFailed()
  const about = { etag: open.etag, 'last-modified': new Date(open.modified).toUTCString(), ...always }
  if (verdict === 'not modified') return new Response(null, { status: 304, headers: about })
  const { headers, method, url } = request
  // Only GET has parts (RFC 9110 section 14.2).
  const isPart = method === 'GET' && allowsRange(headers.get('if-range'), open)
  const range = isPart ? parseRange(headers.get('range'), open.size) : undefined
  if (range === 'unsatisfiable') {
    const unsatisfiable = { ...always, 'content-range': `bytes */${open.size}` }
    return new Response(null, { status: 416, headers: unsatisfiable })
  }
  const sent = range ?? { start: 0, end: open.size - 1 }
  const length = sent.end - sent.start + 1
  return new Response(method === 'HEAD' || length === 0 ? null : contentOf(open, sent), {
    status: range === undefined ? 200 : 206,
    headers: {
      ...about,
      'content-type': contentTypeOf(open.name),
      'content-disposition': contentDisposition(open.name, new URL(url).searchParams.has('download')),
      'content-length': String(length),
      ...(range === undefined ? {} : { 'content-range': `bytes ${sent.start}-${sent.end}/${open.size}` }),
    },
  })
}

/** What a file answers always. Whoever may write a file must not make pages of this origin: nothing in it runs. */
const always: Readonly<Record<string, string>> = {
  'accept-ranges': 'bytes',
  'cache-control': 'private, no-cache',
  'content-security-policy':
    "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'",
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

function contentOf({ handle }: OpenFile, { start, end }: ByteRange): ReadableStream<Uint8Array> {
  const stream = createReadStream('', { fd: handle, start, end, highWaterMark: CHUNK })
  // Node's web streams are those of the standard library's types.
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>
}
