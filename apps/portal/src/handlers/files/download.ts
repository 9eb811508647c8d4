import type { Handler } from 'hono'
import { requireScopes } from 'pierhead/hono'
import type { CollectionFile } from 'pierhead/globus'
import { watchSession } from '../../access/watch-session.ts'
import type { PortalContext } from '../../context.ts'
import { failure } from '../../files/failure.ts'
import { httpsScope } from '../../files/https-access.ts'
import { pictureType } from '../../files/media-type.ts'
import { nameOf } from '../../files/path.ts'
import { passOn } from '../../files/pass-on.ts'
import { requestedFile } from '../../files/requested-file.ts'
import { answerProblem, notFound } from '../problem.ts'
import { answerFailure, answerServiceError } from './file-problem.ts'

/** Whatever a file holds, it is data here: no page, no script, nothing of this origin. */
const policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

/**
 * The bytes of a file, or a part of them, passed on from the collection's server. Saved by the browser, except for a picture
 * that a page shows (`show=1`).
 */
export function downloadFile(context: PortalContext): Handler {
  return async (c) => {
    try {
      const file = await requestedFile(c, context)
      if (file === undefined) return answerProblem(c, context, notFound)
      const { collection, path, session } = file
      if (collection.https_server === null) return answerFailure(c, context, failure('no-https', 409))
      requireScopes(c, httpsScope(collection))
      const files = context.globus.files(session, collection)
      const range = readRange(c.req.header('range'), c.req.header('if-range'))
      const { signal } = c.req.raw
      if (c.req.method === 'HEAD') {
        const { size } = await files.head(path, { signal })
        return c.body(null, 200, headersFor(nameOf(path), c.req.query('show') === '1', { size }))
      }
      const ends = watchSession(c, context, session)
      const found = await files
        .get(path, { signal: AbortSignal.any([signal, ends.signal]), ...(range === undefined ? {} : { range }) })
        .catch((error: unknown) => {
          ends.stop()
          throw error
        })
      const headers = headersFor(nameOf(path), c.req.query('show') === '1', found)
      const body = passOn(c, context.log, { body: found.body, ends })
      return c.body(body, found.range === undefined ? 200 : 206, headers)
    } catch (error) {
      return answerServiceError(c, context, error, { wanted: 'file' })
    }
  }
}

/** One range that begins at a place. Others may be answered with the whole file (RFC 9110 section 14.2). */
function readRange(
  header: string | undefined,
  ifRange: string | undefined,
): { start: number; end?: number } | undefined {
  const [, start, end] = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(header ?? '') ?? []
  // Whether the file is still the same is not known before it is asked for.
  if (start === undefined || ifRange !== undefined) return undefined
  if (end !== undefined && Number(end) < Number(start)) return undefined
  return { start: Number(start), ...(end === undefined ? {} : { end: Number(end) }) }
}

function headersFor(
  name: string,
  show: boolean,
  { etag, lastModified, range, size }: Partial<Pick<CollectionFile, 'etag' | 'lastModified' | 'range' | 'size'>>,
): Record<string, string> {
  const picture = show ? pictureType(name) : undefined
  return {
    'content-type': picture ?? 'application/octet-stream',
    'content-disposition': picture === undefined ? attachment(name) : 'inline',
    'content-security-policy': policy,
    'accept-ranges': 'bytes',
    ...(size === undefined ? {} : { 'content-length': String(size) }),
    ...(range === undefined ? {} : { 'content-range': `bytes ${range.start}-${range.end}/${range.total ?? '*'}` }),
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { 'last-modified': lastModified }),
  }
}

/** RFC 6266, with a plain name for old clients. */
function attachment(name: string): string {
  const plain = name.replace(/[^\u0020-\u007e]|["\\%]/g, '_')
  const exact = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16)}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`
}
