import type { Context } from 'hono'
import type { LoginSession } from 'pierhead'
import { requireSession } from 'pierhead/hono'
import type { CollectionView } from '../collections/collection-view.ts'
import type { PortalContext } from '../context.ts'
import { parseFile } from './path.ts'
import { isUuid } from './place.ts'

/** A file that a request names, and its collection as the person sees it. */
export interface RequestedFile {
  readonly session: LoginSession
  readonly collection: CollectionView
  readonly path: string
}

/** Reads `/collections/:id/…?path=…`. Undefined: it names no file. Throws what Transfer says about the collection. */
export async function requestedFile(c: Context, { collections }: PortalContext): Promise<RequestedFile | undefined> {
  const session = requireSession(c)
  const id = c.req.param('id')
  const path = parseFile(c.req.query('path'))
  if (!isUuid(id) || path === undefined) return undefined
  return { session, path, collection: await collections.get(session, id) }
}
