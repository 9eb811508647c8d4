import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { problemCodes } from '../src/problem-codes.ts'
import { texts } from '../src/texts.ts'

const source = join(import.meta.dirname, '../src')
/** Not on pages: of readiness, of settings, and of the kit. */
const others = /^(closing|store_unavailable|custom|login_required|authorization_required)$/

const introduction = `# Error codes of the portal

Every problem of the portal has a stable code. It stands at the foot of the page beside the request id, and as \`code\` in what a
script gets (\`application/problem+json\`). Codes of logins, sessions and tokens are the kit's: [errors.md](errors.md). The lines of the
log that belong to a problem have its request id.

A test makes this page from \`apps/portal/src/problem-codes.ts\`; with \`-u\` it writes it anew.

`

/** Codes that stand in the source, wherever a problem is made. */
function codesInSource(): string[] {
  const files = globSync('**/*.ts', { cwd: source, exclude: ['client/**', 'problem-codes.ts', 'texts/**'] })
  const text = files.map((file) => readFileSync(join(source, file), 'utf8')).join('\n')
  const written = [...text.matchAll(/\bcode(?::|\] =|\b = .*\?)[^\n]*/g)].flatMap(([line]) =>
    [...line.matchAll(/'([a-z]+(?:_[a-z]+)+)'/g)].map(([, code = '']) => code),
  )
  const failures = [texts.fileFailures, texts.shareFolder.failures]
    .flatMap((reasons) => Object.keys(reasons))
    .map((code) => code.replaceAll('-', '_'))
  return [...new Set([...written, ...failures])].filter((code) => !others.test(code))
}

/** With columns as wide as their widest cell. */
function tableOf([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('')
}

it('docs/portal-errors.md explains every code of the portal', async () => {
  const entries = Object.entries(problemCodes).map(([code, { meaning, status }]) => [`\`${code}\``, status, meaning])
  const table = [['code', 'HTTP', 'what it means, and what to do'], ...entries]
  const page = join(source, '../../../docs/portal-errors.md')
  await expect(`${introduction}${tableOf(table)}`).toMatchFileSnapshot(page)
})

it('no problem has a code that is not explained, and no code is explained that no problem has', () => {
  expect(codesInSource().toSorted()).toEqual(Object.keys(problemCodes).toSorted())
})
