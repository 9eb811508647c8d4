// `npm run test:clients`: real clients judge the emulator. `-- TEXT` takes only those whose name holds the text.
import { once } from 'node:events'
import { join } from 'node:path'
import { startNode } from '../lib/child.mjs'
import { root } from '../lib/root.ts'
import { runVitest } from '../lib/vitest.ts'

const wanted = process.argv.slice(2)
const judges = startNode(process.execPath, [join(root, 'e2e/clients/main.ts'), ...wanted], {
  cwd: root,
  env: process.env,
})
const ended: readonly unknown[] = await once(judges, 'exit')

const env = { ...process.env, PIERHEAD_REQUIRE: process.env.CI === 'true' ? '1' : '' }
const transfer = await runVitest(['--project', 'clients', ...wanted], { cwd: root, env })
const isOther = wanted.length > 0 && transfer.passed + transfer.failed + transfer.skipped === 0
process.exitCode = ended[0] === 0 && (isOther || transfer.code === 0) ? 0 : 1
