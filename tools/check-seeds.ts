// docs/seeds.md promises that the tutorials' behaviour is kept and their defects are gone. A promise without a test that
// bears its number is a hope, so every row that claims something must have one.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rowsOf } from './lib/markdown.ts'
import { runAlone } from './lib/report.ts'
import { testNames } from './lib/test-names.ts'

const document = 'docs/seeds.md'
const lines = { S1: 33, S2: 23 }
const claims = new Set(['kept', 'translated', 'fixed'])
const excuses = new Set(['not applicable', 'later'])

/** Rows that are missing or of an unknown kind, and rows that no test is named after. */
export function checkSeeds(root: string): string[] {
  const rows = rowsOf(readFileSync(join(root, document), 'utf8'), /^S[12]\.\d+$/)
  const tested = new Set(testNames(root).flatMap(({ name }) => name.match(/\bS[12]\.\d+\b/g) ?? []))
  return expectedLines().flatMap((line) => {
    const [kind] = rows.get(line) ?? []
    if (kind === undefined) return [`${document}: ${line} has no row`]
    if (excuses.has(kind)) return []
    if (!claims.has(kind)) return [`${document}: ${line} is ${JSON.stringify(kind)}, which is no kind of row`]
    return tested.has(line) ? [] : [`${document}: ${line} is ${kind}, and no test bears its number`]
  })
}

function expectedLines(): string[] {
  return Object.entries(lines).flatMap(([seed, count]) =>
    Array.from({ length: count }, (_, index) => `${seed}.${index + 1}`),
  )
}

runAlone(import.meta.main, checkSeeds)
