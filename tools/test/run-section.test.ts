import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sectionsOf } from '../lib/page-sections.ts'
import { root } from '../lib/root.ts'
import { runSection } from '../lib/run-section.ts'

const run = async (...blocks: readonly (readonly [info: string, code: string])[]): Promise<void> => {
  const page = blocks.map(([info, code]) => `\`\`\`${info}\n${code}\n\`\`\`\n`).join('\n')
  for (const section of sectionsOf(`# Guide\n\n${page}`)) await runSection(section, { port: 12_345 })
}

test('blocks follow each other in one folder, with what they export', async () => {
  const blocks = run(
    ['ts title="greet.ts"', "console.log('hello', process.env.NAME)"],
    ['sh', "export NAME='a b'"],
    ['sh', 'node greet.ts'],
    ['text', 'hello a b'],
    ['ts', "import './greet.ts'"],
    ['text', 'hello …'],
  )
  await expect(blocks).resolves.toBeUndefined()
})

test('the usual port is the free one', async () => {
  await run(['sh', 'echo http://127.0.0.1:8889/'], ['text', 'http://127.0.0.1:12345/'])
  await expect(run(['sh', 'echo 8889; echo x'], ['text', '8889'])).rejects.toThrow('expected\n12345')
})

test('a block that fails is named with what it said, and leaves nothing behind', async () => {
  const failing = run(['sh', 'pwd > ../last-folder'], ['sh', 'echo oh dear >&2; exit 3'])
  await expect(failing).rejects.toThrow('Line 8 ended with 3:\noh dear')
  expect(existsSync(readFileSync(join(root, '.pierhead-docs/last-folder'), 'utf8').trim())).toBe(false)
})

test('a block that prints something else is named', async () => {
  await expect(run(['sh', 'echo one'], ['text', 'two'])).rejects.toThrow('Line 4: expected\ntwo\n')
})

test('a server runs until the end of the section', async () => {
  const server = 'echo $$ > pid; echo ready; exec sleep 1000'
  await run(['sh server', `sh -c '${server}'`], ['sh', 'kill -0 $(cat pid); cp pid ../last-pid'])
  const pid = Number(readFileSync(join(root, '.pierhead-docs/last-pid'), 'utf8'))
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  await expect(run(['sh server', 'sh -c "echo no >&2; exit 1"'])).rejects.toThrow('Line 4 ended at once:\nno')
})
