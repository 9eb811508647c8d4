import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sectionsOf, type Section } from '../../tools/lib/page-sections.ts'
import { freePort } from '../../tools/lib/ports.ts'
import { root } from '../../tools/lib/root.ts'
import { runSection } from '../../tools/lib/run-section.ts'

export interface GuideSection {
  /** For the name of a test. */
  readonly name: string
  readonly section: Section
}

const guides = ['docs/emulator.md', 'packages/emulator/README.md']

/** Every part of the emulator's guides that has something to try out. */
export const guideSections: readonly GuideSection[] = guides.flatMap((path) =>
  sectionsOf(readFileSync(join(root, path), 'utf8')).map((section) => ({ name: `${path}: ${section.title}`, section })),
)

/** Tries a part out, on a port that nobody else uses. */
export async function tryOut(section: Section, tools: { python?: string; chromium?: string } = {}): Promise<void> {
  const port = await freePort()
  const { python, chromium } = tools
  await runSection(section, {
    port,
    ...(python === undefined ? {} : { python }),
    ...(chromium === undefined ? {} : { env: { CHROMIUM_PATH: chromium } }),
  })
}
