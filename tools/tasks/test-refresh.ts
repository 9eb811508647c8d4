// `npm run test:refresh`: one token request per expiry, over eight processes, 200 expiries each. `-- --short`: 10.
import { installCapabilities } from '../lib/install-capabilities.ts'
import { root } from '../lib/root.ts'
import { runVitest } from '../lib/vitest.ts'

for (const line of installCapabilities(process.env)) console.log(line)

const wanted = process.argv.slice(2)
const expiries = wanted.includes('--short') ? '10' : '200'
const rest = wanted.filter((argument) => argument !== '--short')
const { code } = await runVitest(['--project', 'refresh', '--no-file-parallelism', ...rest], {
  cwd: root,
  env: { ...process.env, PIERHEAD_EXPIRIES: expiries },
})
process.exitCode = code
