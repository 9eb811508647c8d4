import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds wrong with a page, a line for each element. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Half a page, or one without its style, has faults that nobody sees.
  await page.waitForLoadState()
  // Put in by the debugger: the page's own policy lets no such script in.
  await page.evaluate(source)
  const results: unknown = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')
  // The documented shape of axe's results.
  const { violations } = results as { violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ failureSummary, html }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  )
}

/** What axe-core and a narrow screen have against a page, in both colour schemes. */
export async function pageComplaints(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    found.push(...(await accessibilityProblems(page)))
  }
  await page.setViewportSize({ width: 360, height: 740 })
  const overflow: unknown = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  if (overflow !== 0) found.push(`It is ${String(overflow)} pixels wider than the screen.`)
  found.push(...(await accessibilityProblems(page)))
  await page.setViewportSize({ width: 1280, height: 720 })
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: null })
  return found
}
