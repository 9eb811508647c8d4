import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow } from './source.ts'

/** What `it`, `test` and `describe` are called in the repository, contracts and suites of measurements included. */
export function testNames(root: string): string[] {
  return filesBelow(root, ['packages', 'apps', 'bench', 'e2e', 'tools'], ['.test.ts', '.ts']).flatMap((path) => {
    // Those of the checks that ask hold texts that look like tests.
    if (!/\/test\/|\.test\.ts$/.test(path) || /\/check-(?:seeds|complaints)\.test/.test(path)) return []
    const names = readFileSync(join(root, path), 'utf8').matchAll(
      /\b(?:it|test|describe)(?:\.\w+)*(?:\([^'"`\n]*\))?\(\s*(['"`])([^\n]*?)\1/g,
    )
    return [...names].map(([, , name = '']) => name)
  })
}
