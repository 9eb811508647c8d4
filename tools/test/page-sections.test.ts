import { expect, test } from 'vitest'
import { sectionsOf } from '../lib/page-sections.ts'
import { matcherOf } from '../lib/shown-output.ts'

const block = (info: string, code = 'true'): string => `\`\`\`${info}\n${code}\n\`\`\`\n`

test('a section goes from one heading to the next, and one without blocks is left out', () => {
  const page = `# Guide\n${block('sh', 'first')}\n## Words\nonly\n## Commands\n${block('sh', '## no heading')}${block('ts')}`
  const sections = sectionsOf(page)
  expect(sections.map(({ title, steps }) => [title, steps.map(({ kind, block: { code } }) => [kind, code])])).toEqual([
    ['Guide', [['shell', 'first\n']]],
    [
      'Commands',
      [
        ['shell', '## no heading\n'],
        ['node', 'true\n'],
      ],
    ],
  ])
})

test('a block with a title is a file, and text is what the block before it prints', () => {
  const page = block('python title="conftest.py"') + block('sh server') + block('python') + block('text', 'done')
  expect(sectionsOf(page)[0]?.steps).toMatchObject([
    { kind: 'file', name: 'conftest.py' },
    { kind: 'server' },
    { kind: 'python', shown: { code: 'done\n' } },
  ])
})

test.each(['json', 'sh quietly', 'title="x"'])('a block that nothing would try out is refused: %s', (info) => {
  expect(() => sectionsOf(block(info))).toThrow('Line 2: nothing would try out this block')
})

test.each([
  [block('python'), ['python']],
  [block('sh', 'pip --version\npytest -q'), ['python']],
  [block('sh', 'globus whoami'), ['python']],
  [block('sh', 'npx playwright test'), ['browser']],
  [block('sh container'), ['container']],
  [block('sh', 'echo python3.11'), []],
])('knows what %j needs', (page, needs) => {
  expect(Array.from(sectionsOf(page)[0]?.needs ?? [])).toEqual(needs)
})

test.each([
  ['a…c', 'a\nb\nc', true],
  ['a…c', 'a b', false],
  ['1 + (2)', '1 + (2)', true],
  ['1.5', '1x5', false],
  ['whole', 'the whole line', false],
])('what a guide shows as %j matches %j: %s', (shown, printed, expected) => {
  expect(matcherOf(shown).test(printed)).toBe(expected)
})
