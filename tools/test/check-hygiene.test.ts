import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkHygiene } from '../check-hygiene.ts'
import { makeTree } from './tree.ts'

/** Joins what this file must not hold in one piece, or the check would find it here. */
const pieces = (...parts: readonly string[]) => parts.join('')
const machinePath = pieces('/', 'root', '/secrets.txt')
const madeUpSecret = pieces('client', "Secret = '", 's3cr3t-'.repeat(4), "'")

/** What the check says about one file. */
function findings(path: string, text: string): string[] {
  return checkHygiene(makeTree({ [path]: text }))
}

test.each([
  ['a path of one machine', 'docs/a.md', `see ${machinePath}`],
  ['a path of one machine', 'docs/a.md', pieces('see /', 'home', '/maya/x')],
  [
    'a download address in a lock file',
    'package-lock.json',
    pieces('"resolved": "', 'https:', '//host.example/a.tgz"'),
  ],
  ['a package registry', '.npmrc', pieces('registry=https', '://', 'registry', '.example.org/')],
  ['a private key', 'packages/a/src/a.ts', pieces('-----BEGIN', ' RSA PRIVATE KEY-----MIIE')],
  ['a secret', 'bench/a.ts', pieces("const t = '", 'gh', 'p_', 'a1'.repeat(18), "'")],
  ['a signed token', 'packages/a/src/a.ts', pieces('ey', 'J', 'a'.repeat(20), '.ey', 'J', 'b'.repeat(20), '.c')],
  ['what looks like a secret', 'apps/portal/src/a.ts', `const ${madeUpSecret}`],
  [
    'a focused or skipped test; a missing program is asked for with capability() and skipIf()',
    'e2e/a.test.ts',
    pieces('it', '.skip'),
  ],
  ['an open end without an issue', 'packages/a/src/a.ts', pieces('// TO', 'DO later')],
])('refuses %s in %s', (reason, path, text) => {
  expect(findings(path, `first line\n${text}\n`)).toEqual([`${path}:2: ${reason}`])
})

test.each([
  ['a relative link of a workspace', 'package-lock.json', '"resolved": "packages/pierhead",'],
  ['an address on the web', 'docs/a.md', 'https://docs.globus.org/api/auth/ and https://example.org/work/x'],
  [
    'a path inside the repository',
    'docs/a.md',
    ['tools', 'work', 'a.ts and ~', 'work', 'a and .', 'tmp', 'x'].join('/'),
  ],
  ['a secret made up for a test', 'packages/a/test/a.test.ts', madeUpSecret],
  ['a test that asks whether it can run', 'e2e/a.test.ts', 'describe.skipIf(!browser.available)'],
  ['an open end with its issue', 'packages/a/src/a.ts', pieces('// TO', 'DO(#12): later')],
])('accepts %s', (_what, path, text) => {
  expect(findings(path, text)).toEqual([])
})

test('refuses files over a megabyte', () => {
  expect(findings('docs/big.txt', 'x'.repeat(1_000_001))).toEqual(['docs/big.txt: 1000001 bytes, at most 1000000'])
})

test('looks at what would be committed, and not at what git ignores', () => {
  const tree = makeTree({ '.gitignore': 'ignored.txt\n', 'ignored.txt': machinePath })
  spawnSync('git', ['init', '-q'], { cwd: tree })
  expect(checkHygiene(tree)).toEqual([])
  writeFileSync(join(tree, 'new.txt'), machinePath)
  expect(checkHygiene(tree)).toEqual(['new.txt:1: a path of one machine'])
})
