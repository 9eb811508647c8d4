// `npm run test:conformance`: all modules of OpenID Connect and FAPI 2.0 that the emulator plays, against every adapter. `npm test`
// plays them all against one adapter, and one of each kind against the others.
import { root } from '../lib/root.ts'
import { runVitest } from '../lib/vitest.ts'

const args = ['--project', 'e2e', 'provider-modules', ...process.argv.slice(2)]
const { code } = await runVitest(args, { cwd: root, env: { ...process.env, PIERHEAD_MODULES: 'all' } })
process.exitCode = code
