import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Mutant, runMutants } from '../lib/mutants.ts'
import { root as repository } from '../lib/root.ts'
import { makeTree } from './tree.ts'

const source = `export function isAdult(age: number): boolean {
  if (!Number.isInteger(age)) throw new TypeError('age')
  return age >= 18
}
`
const cases = `import { expect, test } from 'vitest'
import { isAdult } from 'thing'
test('seventeen is too young', () => expect(isAdult(17)).toBe(false))
test('nineteen is not', () => expect(isAdult(19)).toBe(true))
`
const config = `export default { test: { projects: [
  { resolve: { conditions: ['node'] }, test: { name: 'thing', root: 'packages/thing', include: ['*.test.ts'] } } ] } }
`

/** A repository whose tests reach the package by its name, through node_modules, as ours do. */
function makeRepository(more: Readonly<Record<string, string>> = {}): string {
  const root = makeTree({
    'package.json': '{"type":"module"}',
    'vitest.config.ts': config,
    'packages/thing/package.json': '{"name":"thing","type":"module","exports":"./thing.ts"}',
    'packages/thing/thing.ts': source,
    'packages/thing/thing.test.ts': cases,
    ...more,
  })
  mkdirSync(join(root, 'node_modules'))
  symlinkSync('../packages/thing', join(root, 'node_modules/thing'))
  for (const name of ['vitest', 'vite'])
    symlinkSync(join(repository, 'node_modules', name), join(root, 'node_modules', name))
  return root
}

function mutant(find: string | RegExp, replace: string, more: Partial<Mutant> = {}): Mutant {
  return {
    name: `${find} becomes ${replace}`,
    file: 'packages/thing/thing.ts',
    find,
    replace,
    tests: { project: 'thing' },
    ...more,
  }
}

async function outcomes(mutants: readonly Mutant[], root = makeRepository()): Promise<string[]> {
  const results = await runMutants(mutants, { root, env: process.env })
  return mutants.map(({ name }) => results.find((result) => result.name === name)?.outcome ?? 'none')
}

test('kills what a test notices, reports what none does, and leaves the original alone', async () => {
  const root = makeRepository()
  const noticed = mutant('age >= 18', 'true')
  const unnoticed = mutant(/if \(!Number.*\n/, '')
  const alsoNoticed = mutant('age >= 18', 'false')
  expect(await outcomes([noticed, unnoticed, alsoNoticed], root)).toEqual(['killed', 'survived', 'killed'])
  expect(readFileSync(join(root, 'packages/thing/thing.ts'), 'utf8')).toBe(source)
})

test('a mutant that does not fit its file exactly once is stale', async () => {
  const elsewhere = mutant('age >= 18', 'true', { name: 'elsewhere', file: 'packages/thing/gone.ts' })
  const mutants = [mutant('age >= 21', 'true'), mutant('age', 'n'), mutant(/age/g, 'm'), mutant('18', '18'), elsewhere]
  expect(await outcomes(mutants)).toEqual(['stale', 'stale', 'stale', 'stale', 'stale'])
})

test('a mutant that keeps the tests from running proves nothing', async () => {
  expect(await outcomes([mutant('return age', 'return (')])).toEqual(['broken'])
})

test('replaces literally', async () => {
  const root = makeRepository({
    'packages/thing/thing.test.ts': `${cases}test('is $& now', async () => {
      const { readFileSync } = await import('node:fs')
      expect(readFileSync(new URL('thing.ts', import.meta.url), 'utf8')).not.toContain("'$&'")
    })\n`,
  })
  expect(await outcomes([mutant("'age'", "'$&'", { name: 'literal' })], root)).toEqual(['killed'])
})

test('refuses to begin while tests fail without any change', async () => {
  const root = makeRepository({ 'packages/thing/thing.ts': source.replace('18', '21') })
  await expect(outcomes([mutant('21', '1')], root)).rejects.toThrow('1 passed, 1 failed')
})

test('refuses to begin when the named tests do not exist', async () => {
  const tests = { project: 'thing', files: ['no-such'] }
  await expect(outcomes([mutant('18', '1', { tests })])).rejects.toThrow('are not green: 0 passed, 0 failed')
})

test('removes its copies', async () => {
  const copies = () => readdirSync(tmpdir()).filter((name) => name.startsWith('pierhead-copy-'))
  const before = copies()
  await outcomes([mutant('age >= 18', 'true')])
  expect(
    copies().filter((name) => !before.includes(name) && existsSync(join(tmpdir(), name, 'packages/thing'))),
  ).toEqual([])
})
