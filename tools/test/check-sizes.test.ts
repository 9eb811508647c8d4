import { expect, test } from 'vitest'
import { checkSizes } from '../check-sizes.ts'
import { makeTree } from './tree.ts'

const file = 'packages/pierhead/src/one.ts'

/** What the check says about a file of the kit with this text. */
function findings(text: string, path = file): string[] {
  return checkSizes(makeTree({ [path]: text }))
}

function longFunction(lines: number): string {
  return `function long() {\n${'  work()\n'.repeat(lines - 2)}}\n`
}

test('accepts 400 lines and refuses 401', () => {
  expect(findings('work()\n'.repeat(400))).toEqual([])
  expect(findings('work()\n'.repeat(401))).toEqual([`${file}: 401 lines, at most 400`])
})

test('accepts a function of 60 lines and refuses one of 61', () => {
  expect(findings(longFunction(60))).toEqual([])
  expect(findings(`// first\n${longFunction(61)}`)).toEqual([`${file}:2: a function of 61 lines, at most 60`])
})

test('measures methods and arrow functions too', () => {
  const body = 'work()\n'.repeat(60)
  expect(findings(`const f = () => {\n${body}}`)).toHaveLength(1)
  expect(findings(`class A {\n  m() {\n${body}}\n}`)).toHaveLength(1)
})

test('measures the tests, not the describe around them', () => {
  const cases = `  it('works', () => {\n    work()\n  })\n`.repeat(30)
  const path = 'packages/pierhead/test/one.test.ts'
  expect(findings(`describe('all', () => {\n${cases}})\n`, path)).toEqual([])
  expect(findings(`it('is long', () => {\n${'  work()\n'.repeat(60)}})\n`, path)).toHaveLength(1)
})

test('refuses any and the non-null assertion', () => {
  expect(findings('export const a: any = 1')).toEqual([`${file}:1: any; use unknown and parse it`])
  expect(findings('\nexport const b = a!.c')).toEqual([`${file}:2: a non-null assertion; narrow the type instead`])
})

test('does not mistake words in text or comments for code', () => {
  expect(findings("// any as x!\nexport const text = 'any as number, y!'\n")).toEqual([])
})

test('demands a comment for a cast', () => {
  const complaint = 'a cast; prove it in a comment on this line or the one before, or use satisfies'
  expect(findings('export const a = b as string')).toEqual([`${file}:1: ${complaint}`])
  expect(findings('// Checked above.\nexport const a = b as string')).toEqual([])
  expect(findings('export const a = b as string // checked above')).toEqual([])
  expect(findings('/* Checked above. */\nexport const a = b as string')).toEqual([])
  expect(findings('// Checked above.\n\nexport const a = b as string')).toEqual([`${file}:3: ${complaint}`])
})

test('lets as const and satisfies be', () => {
  expect(findings("export const a = ['x'] as const satisfies readonly string[]")).toEqual([])
})

test('looks into every part of the repository, and not into what is built', () => {
  const paths = ['apps/portal/src/a.ts', 'e2e/a.test.ts', 'bench/a.ts', 'examples/hono/a.ts', 'tools/lib/a.mjs']
  for (const path of paths) expect(findings(longFunction(61), path)).toHaveLength(1)
  expect(findings('export const a: any = 1', 'packages/pierhead/dist/a.ts')).toEqual([])
})
