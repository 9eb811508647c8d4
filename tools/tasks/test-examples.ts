// `npm run test:examples`: the examples, installed and driven with a real browser. `-- --short`: from packed packages only.
// With CI=true whatever is skipped fails the run.
import { installCapabilities } from '../lib/install-capabilities.ts'
import { root } from '../lib/root.ts'
import { runVitest } from '../lib/vitest.ts'

const wanted = process.argv.slice(2)
const strict = process.env.CI === 'true'
const untested = installCapabilities(process.env, ['browser'])
const rest = wanted.filter((argument) => argument !== '--short')
const { code, skipped } = await runVitest(['--project', 'examples', '--maxWorkers=1', ...rest], {
  cwd: root,
  env: {
    ...process.env,
    PIERHEAD_SHORT: wanted.includes('--short') ? '1' : '',
    PIERHEAD_REQUIRE: strict ? '1' : '',
  },
})

for (const line of untested) console.log(line)
process.exitCode = code !== 0 || (strict && (skipped > 0 || untested.length > 0)) ? 1 : 0
