import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../tools/lib/root.ts'

/** An application below `examples`. */
export interface Example {
  /** Its folder. */
  readonly name: string
  /** `site`: pages from the server. `spa`: a page that calls Globus itself. */
  readonly kind: 'site' | 'spa'
  /** The page of `docs` that leads to the same application, step by step, and is followed here. */
  readonly guide?: string
  /** Its bundler wants the kit as a package is: built, and copied in place of linked. */
  readonly copiesKit?: boolean
}

export const examples: readonly Example[] = [
  { name: 'express', kind: 'site', guide: 'express.md' },
  { name: 'fastify', kind: 'site', guide: 'fastify.md' },
  { name: 'hono', kind: 'site', guide: 'hono.md' },
  { name: 'next', kind: 'site', copiesKit: true },
  { name: 'node-http', kind: 'site', guide: 'node-http.md' },
  { name: 'spa', kind: 'spa' },
]

export const folderOf = ({ name }: Example): string => join(root, 'examples', name)

export const guideOf = (guide: string): string => readFileSync(join(root, 'docs', guide), 'utf8')
