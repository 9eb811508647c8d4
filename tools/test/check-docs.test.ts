import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkDocs } from '../check-docs.ts'
import { root as repository } from '../lib/root.ts'
import { anchorsOf, blocksOf, linksOf } from '../lib/markdown.ts'
import { makeTree } from './tree.ts'

/** What the check says about a repository with these pages. */
function findings(pages: Readonly<Record<string, string>>): string[] {
  const options = { strict: true, module: 'nodenext', target: 'es2024', types: ['node'], skipLibCheck: true }
  const tree = makeTree({
    'package.json': JSON.stringify({ scripts: { start: '', check: '' } }),
    'tsconfig.base.json': JSON.stringify({ compilerOptions: options }),
    ...pages,
  })
  symlinkSync(join(repository, 'node_modules'), join(tree, 'node_modules'))
  return checkDocs(tree)
}

test('accepts blocks that compile, also two with the same names', () => {
  const block = "```ts\nimport { join } from 'node:path'\nconst a: string = join('a', 'b')\n```\n"
  expect(findings({ 'README.md': block + block, 'docs/deep/guide.md': '```js\nconst b = [1].at(0)\n```\n' })).toEqual(
    [],
  )
})

test('S1.31 S2.5 names page, line and reason of a block that does not compile', () => {
  const page = '# Title\n\n```ts\nconst a = 1\nconst b: string = a\n```\n'
  expect(findings({ 'docs/guide.md': page })).toEqual([
    "docs/guide.md:5: error TS2322: Type 'number' is not assignable to type 'string'.",
  ])
})

test('refuses an import path that does not exist', () => {
  const page = "```ts\nimport { a } from 'no-such-package'\n```\n"
  expect(findings({ 'README.md': page })[0]).toMatch(/^README\.md:2: error TS2307/)
})

test('leaves other languages alone', () => {
  expect(findings({ 'README.md': '```\nnot code\n```\n\n```json\n{]\n```\n' })).toEqual([])
})

test('refuses links that lead nowhere and anchors that are not there', () => {
  const pages = {
    'README.md': '# Top\n[a](docs/a.md#second-part) [b](docs/b.md) [c](docs/a.md#third) [d](#top) [e](#down)\n',
    'docs/a.md': '## Second part\n[up](../README.md) [out](https://example.org/x) [far](../../x.md)\n',
  }
  expect(findings(pages)).toEqual([
    'README.md:2: the link docs/b.md leads nowhere',
    'README.md:2: docs/a.md has no #third',
    'README.md:2: README.md has no #down',
    'docs/a.md:2: the link ../../x.md leads nowhere',
  ])
})

test('refuses npm scripts that do not exist', () => {
  const page = '```sh\nnpm start\nnpm run check\nnpm run chekc && npm test\ncd elsewhere && npm run other\n```\n'
  expect(findings({ 'README.md': page })).toEqual([
    'README.md:4: no npm script chekc',
    'README.md:4: no npm script test',
  ])
})

test('reads indented blocks, long fences and information after the language', () => {
  const page = '- item\n\n  ```ts title="a"\n  const a = 1\n  ```\n\n````md\n```ts\n```\n````\n'
  expect(blocksOf(page).map(({ code, language, line }) => [language, code, line])).toEqual([
    ['ts', 'const a = 1\n', 4],
    ['md', '```ts\n```\n', 8],
  ])
})

test('finds links in every form, and none in code', () => {
  const page = '[a](x.md "title") ![b](y.png) `[c](no.md)`\n\n[r]: z.md\n<img src="w.svg">\n\n```\n[d](no.md)\n```\n'
  expect(linksOf(page).map(({ line, target }) => `${line} ${target}`)).toEqual([
    '1 x.md',
    '1 y.png',
    '3 z.md',
    '4 w.svg',
  ])
})

test('spells anchors as GitHub does', () => {
  const page =
    '# `npm start`, and *more*!\n## Same\n## Same\n### [Linked](x.md) part\n<a id="own"></a>\n```\n# code\n```\n'
  expect([...anchorsOf(page)]).toEqual(['own', 'npm-start-and-more', 'same', 'same-1', 'linked-part'])
})
