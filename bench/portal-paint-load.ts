import { startChild } from './child.ts'
import type { Paint, PaintAnswer, PaintQuestion } from './portal-paint.ts'
import { withPortal } from './portal-scene.ts'

/** When pages show something first, in Chromium on this machine. Empty where there is none. */
export function measurePortalPaint(loads: number): Promise<readonly Paint[]> {
  return withPortal({}, async ({ globus, origin, visitor }) => {
    const files = `/collections/${globus.collection}/files?path=${encodeURIComponent('/many/')}`
    const paths = ['/', '/collections', files]
    const person = visitor()
    await person.open('/login')
    for (const path of paths) await person.open(path)
    const child = startChild('portal-paint.ts', 'all')
    try {
      // The answer of portal-paint.ts.
      const { pages } = (await child.ask({ origin, paths, loads } satisfies PaintQuestion)) as PaintAnswer
      return pages ?? []
    } finally {
      child.stop()
    }
  })
}
