// docs/seeds.md promises that the tutorials' behaviour is kept and their defects are gone. A promise without a test that
// bears its number is a hope, so every row that claims something must have one.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runAlone } from './lib/report.ts'
import { filesBelow } from './lib/source.ts'

const document = 'docs/seeds.md'
const lines = { S1: 33, S2: 23 }
const claims = new Set(['kept', 'translated', 'fixed'])
const excuses = new Set(['not applicable', 'later'])

/** Rows that are missing or of an unknown kind, and rows that no test is named after. */
export function checkSeeds(root: string): string[] {
  const rows = new Map(
    readFileSync(join(root, document), 'utf8')
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .flatMap(([, line = '', kind = '']) => (/^S[12]\.\d+$/.test(line) ? [[line, kind] as const] : [])),
  )
  const tested = testedLines(root)
  return expectedLines().flatMap((line) => {
    const kind = rows.get(line)
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

/** Numbers in the names of tests, singly or as `S1.14, S1.20`. */
function testedLines(root: string): Set<string> {
  const found = new Set<string>()
  for (const path of filesBelow(root, ['packages', 'apps', 'e2e', 'tools'], ['.test.ts', '.ts'])) {
    if (!/\/test\/|\.test\.ts$/.test(path)) continue
    const names = readFileSync(join(root, path), 'utf8').matchAll(
      /\b(?:it|test|describe)(?:\.\w+)*(?:\([^'"`\n]*\))?\(\s*(['"`])([^\n]*?)\1/g,
    )
    for (const [, , name = ''] of names) for (const [line] of name.matchAll(/\bS[12]\.\d+\b/g)) found.add(line)
  }
  return found
}

runAlone(import.meta.main, checkSeeds)
