import { describe, expect, it } from 'vitest'
import { checkSecurity } from '../check-security.ts'
import { testNames } from '../lib/test-names.ts'
import { makeTree } from './tree.ts'

const treeWith = (source: string): string => makeTree({ 'packages/kit/test/one.test.ts': source })
const namesIn = (source: string): string[] => testNames(treeWith(source)).map(({ name }) => name)

describe('the names of tests', () => {
  it.each([
    ["it('says so', () => {})", ['says so']],
    ["describe.each([1])('says %i', () => {})", ['says %i']],
    ["it.each(['a', 'b'] as const)('says %s', (letter) => {})", ['says %s']],
    ["test.skipIf(process.platform === 'win32')('says so', () => {})", ['says so']],
    ['it(`says ${1 + 1} and more`, () => {})', ['says … and more']],
    ["const table = { 'SEC-01 one way': 1 }\nexpect('other text')", ['SEC-01 one way']],
    ["audit('nothing')", []],
  ])('are read from %s', (source, names) => {
    expect(namesIn(source)).toEqual(names)
  })
})

describe('the page about security', () => {
  it('is stale where it was not made', () => {
    expect(checkSecurity(makeTree())).toContain(
      'docs/security.md is stale; node tools/check-security.ts --update writes it anew',
    )
  })

  it('misses the tests of lines without a reason', () => {
    expect(checkSecurity(makeTree())).toContain('tools/catalogue: SEC-01 has no test and no reason for that')
    expect(checkSecurity(treeWith("it('SEC-01 is refused', () => {})")).join()).not.toContain('SEC-01')
  })

  it('finds reasons that tests have overtaken, and numbers that no line has', () => {
    const findings = checkSecurity(treeWith("it('SEC-46 is there, SEC-999 too', () => {})"))
    expect(findings).toContain('tools/catalogue: SEC-46 has tests now; take its reason for having none away')
    expect(findings).toContain(
      'packages/kit/test/one.test.ts: SEC-999 is in the name of a test, and not in the catalogue',
    )
  })
})
