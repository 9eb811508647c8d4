import type { Context, Handler } from 'hono'
import { watchSession } from '../../access/watch-session.ts'
import type { PortalContext } from '../../context.ts'
import { httpsAccess } from '../../files/https-access.ts'
import { pictureType } from '../../files/media-type.ts'
import { nameOf, parentOf } from '../../files/path.ts'
import { requestedFile, type RequestedFile } from '../../files/requested-file.ts'
import { texts } from '../../texts.ts'
import { makePreview, mostPreviewBytes, needsBytes } from '../../preview/make-preview.ts'
import { readStart } from '../../preview/read-start.ts'
import { filesUrl } from '../../views/files/addresses.ts'
import { previewPage, type PreviewContent } from '../../views/files/preview.ts'
import { personOf } from '../../views/person.ts'
import { answerProblem, notFound, tooMuchAtOnce } from '../problem.ts'
import { answerServiceError } from './file-problem.ts'

/** Shows what is in a file, as far as a browser can do so safely. */
export function previewFile(context: PortalContext): Handler {
  return async (c) => {
    let again
    try {
      const file = await requestedFile(c, context)
      if (file === undefined) return answerProblem(c, context, notFound)
      const { collection, path, session } = file
      again = { href: filesUrl({ id: collection.id, path: parentOf(path) }), text: texts.fileActions.back }
      const access = httpsAccess(session, collection)
      const content =
        access === 'enabled'
          ? await context.turns.take(session.claims.sub, () => readPreview(c, context, file))
          : ({ access } as const)
      if (content === undefined) return answerProblem(c, context, { ...tooMuchAtOnce, person: personOf(session) })
      const { csrfToken } = session
      return c.html(previewPage(context.site, { person: personOf(session), csrfToken, collection, path, content }))
    } catch (error) {
      return answerServiceError(c, context, error, { wanted: 'file', again })
    }
  }
}

/** No longer than the session lasts: a server may take its time. */
async function readPreview(c: Context, context: PortalContext, file: RequestedFile): Promise<PreviewContent> {
  const ends = watchSession(c, context, file.session)
  try {
    return await contentOf(context, file, ends.signal)
  } finally {
    ends.stop()
  }
}

async function contentOf(
  { globus }: PortalContext,
  { collection, path, session }: RequestedFile,
  signal: AbortSignal,
): Promise<PreviewContent> {
  const files = globus.files(session, collection)
  const name = nameOf(path)
  const isRead = needsBytes(name)
  // One byte tells the size, and what a server wants of the person, which an answer to HEAD has no room for.
  const start = await readStart(files, path, { most: isRead ? mostPreviewBytes : 1, signal })
  const { isCut, lastModified, size } = start
  if (isRead) return { access: 'enabled', preview: makePreview(name, start), size, lastModified, isCut }
  const kind = pictureType(name) === undefined ? 'none' : 'picture'
  return { access: 'enabled', preview: { kind }, size, lastModified, isCut: false }
}
