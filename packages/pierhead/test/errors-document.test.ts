import { join } from 'node:path'
import { expect, it } from 'vitest'
import { entries } from '../src/lib/login/problems.ts'

const introduction = `# Error codes

Every refusal has a stable code. It stands on the error (\`error.code\`), on the page that the person sees, in the problem
document that a script gets (\`code\`), and in the log line. Never branch on a message.

A test makes this page from \`packages/pierhead/src/lib/login/problems.ts\`; with \`-u\` it writes it anew.
`

const notices = `## Sessions that are not taken

A cookie that does not open is no error: the visitor is anonymous. The log says why, as \`session_refused\` with a code:

- \`unknown_key\`: sealed with a secret that is not configured here. Replicas with different secrets?
- \`damaged\`: changed on the way, or the record belongs to another application or a newer format.
- \`malformed\`: not one of ours.
- \`mismatch\`: the two values of a cookie session are of different writes.
- \`ended\`: a cookie of a session that this process ended came back.
- \`expired\`: the idle or absolute limit has passed.
- \`not_touched\`: the store reads but does not write.
`

it('C21 docs/errors.md explains every code in the words that pages and logs use', async () => {
  const sections = Object.entries(entries).map(
    ([code, [status, title, advice, check]]) =>
      `## ${code}\n\n${title} (HTTP ${status}).\n\n- The person reads: ${advice}\n- The operator checks: ${check}\n`,
  )
  const file = join(import.meta.dirname, '../../../docs/errors.md')
  await expect([introduction, ...sections, notices].join('\n')).toMatchFileSnapshot(file)
})
