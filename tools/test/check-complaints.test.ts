import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { checkComplaints } from '../check-complaints.ts'

const roots: string[] = []
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true })
})

/** A tree in which every complaint cannot arise, but for these rows. */
function tree(changed: Readonly<Record<number, string | undefined>>, test = ''): string {
  const root = mkdtempSync(join(tmpdir(), 'check-complaints-'))
  roots.push(root)
  const rows = Array.from({ length: 25 }, (_, index) => {
    const number = index + 1
    const usual = `| C${String(number).padStart(2, '0')} | words | cannot arise | reason |`
    return number in changed ? changed[number] : usual
  })
  const files = { 'docs/complaints.md': rows.join('\n'), 'packages/kit/test/one.test.ts': test }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

describe('the page about complaints', () => {
  it('may say of every one why it cannot arise', () => {
    expect(checkComplaints(tree({}))).toEqual([])
  })

  it.each([
    [{ 7: undefined }, 'C07 has no row'],
    [{ 8: '| C08 | words | later | reason |' }, 'C08 is "later", which is no kind of row'],
    [{ 9: '| C09 | words | cannot arise | |' }, 'C09 has no words'],
    [{ 10: '| C10 | words | tested | reason |' }, 'C10 is tested, and no test bears its number'],
  ])('is found to be wrong: %j', (changed, finding) => {
    expect(checkComplaints(tree(changed))).toEqual([`docs/complaints.md: ${finding}`])
  })

  it('takes a test by its name, and not by what stands in it', () => {
    const row = { 10: '| C10 | words | tested | reason |' }
    expect(checkComplaints(tree(row, "it('SEC-1 C10 works', () => {})"))).toEqual([])
    expect(checkComplaints(tree(row, "it('works', () => 'C10')"))).toHaveLength(1)
  })
})
