// `npm run test:browser`: every page of the portal in a real browser, by mouse and keyboard. With CI=true whatever is skipped
// fails the run.
import { installCapabilities } from '../lib/install-capabilities.ts'
import { root } from '../lib/root.ts'
import { runVitest } from '../lib/vitest.ts'

const strict = process.env.CI === 'true'
const untested = installCapabilities(process.env, ['browser'])
const { code, skipped } = await runVitest(['--project', 'browser', '--maxWorkers=1', ...process.argv.slice(2)], {
  cwd: root,
  env: { ...process.env, PIERHEAD_REQUIRE: strict ? '1' : '' },
})

for (const line of untested) console.log(line)
process.exitCode = code !== 0 || (strict && (skipped > 0 || untested.length > 0)) ? 1 : 0
