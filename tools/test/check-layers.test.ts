import { expect, test } from 'vitest'
import { checkLayers } from '../check-layers.ts'
import { makeTree } from './tree.ts'

const manifests = {
  'packages/pierhead/package.json': JSON.stringify({
    name: 'pierhead',
    exports: { '.': './src/index.ts', './hono': './src/hono.ts', './session-store/sqlite': './src/sqlite.ts' },
  }),
  'packages/emulator/package.json': JSON.stringify({ name: '@pierhead/emulator', exports: { '.': './src/index.ts' } }),
}

/** What the check says about one file that imports one thing. */
function findings(path: string, target: string): string[] {
  return checkLayers(makeTree({ ...manifests, [path]: `import { x } from '${target}'\nexport { x }\n` }))
}

const kit = 'packages/pierhead/src'

test.each([
  [`${kit}/index.ts`, './lib/login/options.ts'],
  [`${kit}/hono.ts`, './lib/session/cookie.ts'],
  [`${kit}/session-store/sqlite.ts`, '../lib/session/session-store.ts'],
  [`${kit}/lib/login/start.ts`, '../oauth/pkce.ts'],
  [`${kit}/lib/login/start.ts`, './options.ts'],
  [`${kit}/lib/session/seal.ts`, '../../errors.ts'],
  [`${kit}/lib/oauth/token.ts`, 'oauth4webapi'],
  [`${kit}/lib/session/cookie.ts`, 'cookie'],
  [`${kit}/lib/session/seal.ts`, 'node:crypto'],
  [`${kit}/session-store/sqlite.ts`, 'node:sqlite'],
  [`${kit}/hono.ts`, 'hono/cookie'],
  ['packages/pierhead/test/seal.test.ts', '../src/lib/session/seal.ts'],
  ['packages/pierhead/test/seal.test.ts', 'jose'],
  ['packages/pierhead/test/login.test.ts', '@pierhead/emulator'],
  ['packages/emulator/src/auth/token.ts', '../http/body.ts'],
  ['packages/emulator/src/auth/token.ts', 'zod'],
  ['apps/portal/src/main.ts', 'pierhead/hono'],
  ['apps/portal/src/client/files.ts', './rows.ts'],
  ['apps/portal/src/views/rows.ts', '../client/rows.ts'],
  ['e2e/login.test.ts', '@pierhead/emulator'],
  ['e2e/login.test.ts', '../tools/lib/capability.ts'],
])('%s may import %s', (path, target) => {
  expect(findings(path, target)).toEqual([])
})

test.each([
  ['apps/portal/src/client/files.ts', '../form.ts', 'scripts for browsers import each other and pierhead/browser'],
  ['apps/portal/src/client/files.ts', 'node:fs', 'scripts for browsers import each other and pierhead/browser'],
  [`${kit}/lib/oauth/token.ts`, '../session/seal.ts', 'neighbours on one level never import each other'],
  [`${kit}/lib/login/start.ts`, '../globus/call.ts', 'neighbours on one level never import each other'],
  [`${kit}/hono.ts`, './node.ts', 'neighbours on one level never import each other'],
  [`${kit}/lib/session/seal.ts`, '../login/start.ts', 'imports go downwards'],
  [`${kit}/errors.ts`, './index.ts', 'imports go downwards'],
  [`${kit}/lib/session/seal.ts`, 'jose', 'another part of the kit owns that package'],
  [`${kit}/lib/login/start.ts`, 'oauth4webapi', 'another part of the kit owns that package'],
  [`${kit}/lib/login/start.ts`, '@globus/sdk/transfer', 'another part of the kit owns that package'],
  [`${kit}/node.ts`, 'hono', 'another part of the kit owns that package'],
  [`${kit}/lib/session/stored.ts`, 'node:sqlite', 'another part of the kit owns that package'],
  [`${kit}/index.ts`, 'lodash', 'no layer of the kit owns that package'],
  [`${kit}/index.ts`, '../test/fixture.ts', 'source imports source only'],
  [`${kit}/index.ts`, '@pierhead/emulator', 'kit and emulator share no code; they meet over HTTP'],
  ['packages/emulator/src/seed.ts', 'pierhead', 'kit and emulator share no code; they meet over HTTP'],
  [
    'packages/emulator/src/seed.ts',
    '../../pierhead/src/errors.ts',
    'it is outside packages/emulator; use a published entry',
  ],
  [
    'packages/emulator/test/a.test.ts',
    '../../pierhead/src/errors.ts',
    'it is outside packages/emulator; use a published entry',
  ],
  [
    'apps/portal/src/main.ts',
    '../../../packages/pierhead/src/hono.ts',
    'it is outside apps/portal; use a published entry',
  ],
  ['apps/portal/src/main.ts', 'pierhead/lib/oauth/token', 'it is no published entry'],
  ['apps/portal/src/main.ts', '@pierhead/emulator', 'an application knows no emulator'],
  [
    'examples/hono/app.ts',
    '../../tools/lib/../../packages/emulator/src/index.ts',
    'it is outside examples/hono; use a published entry',
  ],
  ['bench/seal.ts', 'pierhead/src/index.ts', 'it is no published entry'],
])('%s may not import %s', (path, target, reason) => {
  expect(findings(path, target)).toEqual([`${path}:1: imports ${target}: ${reason}`])
})

test.each([
  ['a re-export', "export * from '@pierhead/emulator'"],
  ['a named re-export', "export { x } from '@pierhead/emulator'"],
  ['an import for its types', "import type { X } from '@pierhead/emulator'\nexport type Y = X"],
  ['a type in place', "export type Y = import('@pierhead/emulator').X"],
  ['a dynamic import', "export const load = () => import('@pierhead/emulator')"],
  ['an import for its effect', "import '@pierhead/emulator'"],
])('sees %s', (_form, text) => {
  expect(checkLayers(makeTree({ ...manifests, [`${kit}/index.ts`]: text }))).toHaveLength(1)
})

test('every file of the kit belongs to a layer', () => {
  const path = `${kit}/lib/helpers.ts`
  expect(checkLayers(makeTree({ ...manifests, [path]: 'export {}\n' }))).toEqual([`${path}: no layer owns it`])
})
