import { IncomingMessage } from 'node:http'
import type { Context, Handler } from 'hono'
import { isGlobusServiceError } from 'pierhead'
import type { UploadBody } from 'pierhead/globus'
import { requireScopes } from 'pierhead/hono'
import { watchSession } from '../../access/watch-session.ts'
import type { PortalContext } from '../../context.ts'
import { failure } from '../../files/failure.ts'
import { parentOf } from '../../files/path.ts'
import { httpsScope } from '../../files/https-access.ts'
import { requestedFile, type RequestedFile } from '../../files/requested-file.ts'
import { readStart } from '../../preview/read-start.ts'
import { answerProblem, notFound } from '../problem.ts'
import { answerFailure, answerServiceError } from './file-problem.ts'

/** Whether a file may be written now, and whether one is there: `{ exists }`. Asked before each upload. */
export function checkUpload(context: PortalContext): Handler {
  return async (c) => {
    try {
      const file = await fileToWrite(c, context)
      if (file instanceof Response) return file
      return c.json({ exists: await isThere(context, file) })
    } catch (error) {
      return answerServiceError(c, context, error, { wanted: 'file' })
    }
  }
}

async function isThere({ globus }: PortalContext, { collection, path, session }: RequestedFile): Promise<boolean> {
  try {
    // By GET: what an answer to HEAD wants of the person would have no body to stand in.
    await readStart(globus.files(session, collection), path, 1)
    return true
  } catch (error) {
    if (isGlobusServiceError(error) && error.status === 404) return false
    throw error
  }
}

/** Passes the body on to the collection's server as it comes. Nothing of it stays here, and it stops with the session. */
export function uploadFile(context: PortalContext): Handler {
  return async (c) => {
    try {
      const file = await fileToWrite(c, context)
      if (file instanceof Response) return file
      const ends = watchSession(c, context, file.session)
      try {
        await passBody(c, context, { file, ended: ends.signal })
      } finally {
        ends.stop()
      }
      return c.body(null, 204)
    } catch (error) {
      return answerServiceError(c, context, error, { wanted: 'file' })
    }
  }
}

interface Passing {
  readonly file: RequestedFile
  readonly ended: AbortSignal
}

function passBody(c: Context, { globus, refusedWrites }: PortalContext, { ended, file }: Passing): Promise<void> {
  const { headers, signal } = c.req.raw
  const length = headers.get('content-length')
  const folder = { session: file.session, collectionId: file.collection.id, path: parentOf(file.path) ?? '/' }
  const server = globus.files(file.session, file.collection)
  return refusedWrites.watch(folder, () =>
    server.put(file.path, bodyOf(c), {
      signal: AbortSignal.any([signal, ended]),
      contentType: headers.get('content-type') ?? 'application/octet-stream',
      ...(length !== null && /^\d{1,15}$/.test(length) ? { size: Number(length) } : {}),
    }),
  )
}

/** What comes over the socket, where there is one: as a web stream each chunk of it would be copied. */
function bodyOf(c: Context): UploadBody {
  const bindings: unknown = c.env
  const isServed = typeof bindings === 'object' && bindings !== null && 'incoming' in bindings
  if (isServed && bindings.incoming instanceof IncomingMessage) return bindings.incoming
  return c.req.raw.body ?? new Uint8Array()
}

/** The file that the address names, once the person has allowed writing it; or what to answer instead. */
async function fileToWrite(c: Context, context: PortalContext): Promise<RequestedFile | Response> {
  const file = await requestedFile(c, context)
  if (file === undefined) return answerProblem(c, context, notFound)
  if (file.collection.https_server === null) return answerFailure(c, context, failure('no-https', 409))
  requireScopes(c, httpsScope(file.collection))
  return file
}
