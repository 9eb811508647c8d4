import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { checkSeeds } from '../check-seeds.ts'

const roots: string[] = []
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true })
})

const numbers = [
  ...Array.from({ length: 33 }, (_, index) => `S1.${index + 1}`),
  ...Array.from({ length: 23 }, (_, index) => `S2.${index + 1}`),
]

/** A tree with a row for every line; `kinds` names the ones that are not `later`. */
function tree(kinds: Readonly<Record<string, string>>, test = ''): string {
  const root = mkdtempSync(join(tmpdir(), 'check-seeds-'))
  roots.push(root)
  const rows = numbers.map((line) => `| ${line} | ${kinds[line] ?? 'later'} | text |`)
  const files = { 'docs/seeds.md': rows.join('\n'), 'packages/kit/test/one.test.ts': test }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

describe('the page about the tutorials', () => {
  it('may leave lines for later', () => {
    expect(checkSeeds(tree({}))).toEqual([])
  })

  it('may not claim what no test is named after', () => {
    expect(checkSeeds(tree({ 'S1.8': 'kept' }))).toEqual(['docs/seeds.md: S1.8 is kept, and no test bears its number'])
  })

  it('is believed where a test bears the number, alone or among others', () => {
    const test = "it('S1.8, S2.7 starts or finishes', () => {})"
    expect(checkSeeds(tree({ 'S1.8': 'kept', 'S2.7': 'fixed' }, test))).toEqual([])
  })

  it('is believed where the test is one of a table', () => {
    const test = "it.each(people)('S1.8 greets $name', () => {})"
    expect(checkSeeds(tree({ 'S1.8': 'kept' }, test))).toEqual([])
  })

  it('is not believed because of a comment', () => {
    expect(checkSeeds(tree({ 'S1.8': 'kept' }, '// S1.8'))).toHaveLength(1)
  })

  it('has a row of a known kind for every line', () => {
    expect(checkSeeds(tree({ 'S2.3': 'ignored' }))).toEqual([
      'docs/seeds.md: S2.3 is "ignored", which is no kind of row',
    ])
    const root = tree({})
    writeFileSync(join(root, 'docs/seeds.md'), '| S1.1 | later | text |')
    expect(checkSeeds(root)).toHaveLength(numbers.length - 1)
  })
})
