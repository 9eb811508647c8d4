import { expect, test } from 'vitest'
import { checkExports } from '../check-exports.ts'
import { makeTree } from './tree.ts'

const home = 'packages/pierhead'

function entry(name: string): Record<string, string> {
  return { 'pierhead-source': `./src/${name}.ts`, types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` }
}

const good: Readonly<Record<string, string>> = {
  [`${home}/package.json`]: JSON.stringify({
    name: 'pierhead',
    exports: {
      '.': entry('index'),
      './session-store/memory': entry('session-store/memory'),
      './package.json': './package.json',
    },
  }),
  [`${home}/src/index.ts`]: "export * from './lib/a.ts'\nexport type { B } from './lib/a.ts'\nexport const c = 1\n",
  [`${home}/src/lib/a.ts`]: 'export const a = 1\nexport interface B {}\nexport default 1\nconst hidden = 1\n',
  [`${home}/src/cli.ts`]: '',
  [`${home}/src/session-store/memory.ts`]: 'export function memoryStore() {}\n',
  [`${home}/api/index.txt`]: 'a\nc\ntype B\n',
  [`${home}/api/session-store/memory.txt`]: 'memoryStore\n',
}

test('accepts entries that agree with files and lists', () => {
  expect(checkExports(makeTree(good))).toEqual([])
})

test('refuses a file that is an entry by its place and is not exported', () => {
  const findings = checkExports(
    makeTree({ ...good, [`${home}/src/express.ts`]: '', [`${home}/src/session-store/redis.ts`]: '' }),
  )
  expect(findings).toEqual([
    `${home}/src/express.ts: an entry by its place, but package.json does not export it`,
    `${home}/src/session-store/redis.ts: an entry by its place, but package.json does not export it`,
  ])
})

test('refuses an export without a file', () => {
  const manifest = { name: 'pierhead', exports: { './hono': entry('hono') } }
  const findings = checkExports(makeTree({ [`${home}/package.json`]: JSON.stringify(manifest) }))
  expect(findings).toEqual([`${home}/src/hono.ts: package.json exports it, but there is no such file`])
})

test('refuses conditions in another order, because the first that matches wins', () => {
  const { default: fallback, ...rest } = entry('index')
  const manifest = { name: '@pierhead/emulator', exports: { '.': { default: fallback, ...rest } } }
  const tree = makeTree({
    'packages/emulator/package.json': JSON.stringify(manifest),
    'packages/emulator/src/index.ts': 'export {}\n',
  })
  expect(checkExports(tree)[0]).toMatch(/^packages\/emulator\/package\.json: the entry \. must be /)
})

test('names what was added and what is gone', () => {
  const tree = makeTree({ ...good, [`${home}/api/index.txt`]: 'a\nold\ntype B\n' })
  expect(checkExports(tree)[0]).toMatch(/^packages\/pierhead\/api\/index\.txt: \+ c, - old; /)
})

test('lets other packages keep files beside their entries', () => {
  const tree = makeTree({
    'packages/emulator/package.json': JSON.stringify({ name: '@pierhead/emulator', exports: { '.': entry('index') } }),
    'packages/emulator/src/index.ts': 'export const x = 1\n',
    'packages/emulator/src/server.ts': '',
    'packages/emulator/api/index.txt': 'x\n',
  })
  expect(checkExports(tree)).toEqual([])
})
