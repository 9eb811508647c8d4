import { expect, it } from 'vitest'
import { checkFiles } from '../lib/packed-files.ts'
import { makeTree } from './tree.ts'

const whole = { LICENSE: '', 'README.md': '', 'package.json': '{}', 'dist/index.js': '', 'dist/index.d.ts': '' }

/** What the check says about a package of these files. */
function findings(tree: Readonly<Record<string, string>>): string[] {
  const manifest = { name: 'p', version: '1.0.0', exports: {}, files: ['dist'], engines: { node: '>=22.13' } }
  return checkFiles({ manifest, folder: makeTree(tree), tarball: '', files: Object.keys(tree) })
}

it('a package of compiled code, licence, introduction and manifest is whole', () => {
  expect(findings(whole)).toEqual([])
})

it('a licence must not be missing', () => {
  const { LICENSE: _, ...rest } = whole
  expect(findings(rest)).toEqual(['LICENSE is missing'])
})

it.each(['src/index.ts', 'dist/index.js.map', 'dist/test/index.js', '.env'])('%s does not belong into one', (path) => {
  expect(findings({ ...whole, [path]: '' })).toEqual([`${path} does not belong there`])
})

it.each([
  ['package.json', '{"exports":{".":{"pierhead-source":"./lib/index.ts"}}}', 'pierhead-source'],
  ['package.json', '{"main":"./src/index.ts"}', '"./src/'],
  ['dist/index.js', '//# sourceMappingURL=index.js.map', 'sourceMappingURL'],
  ['dist/index.d.ts', "export { a } from '../src/a.ts'", "from '../src/"],
])('%s must not speak of the sources: %s', (path, text, trace) => {
  expect(findings({ ...whole, [path]: text })).toEqual([`${path} speaks of the sources: ${trace}`])
})
