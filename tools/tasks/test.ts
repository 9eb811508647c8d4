// `npm test`: everything that this machine can test. With CI=true whatever is skipped fails the run.
import { installCapabilities } from '../lib/install-capabilities.ts'
import { root } from '../lib/root.ts'
import { runVitest } from '../lib/vitest.ts'

/** Projects that take long, or install much, and have a script each: `test:browser` and so on. */
const withScripts = ['browser', 'clients', 'refresh', 'proxies', 'next', 'scale', 'examples']

const strict = process.env.CI === 'true'
const untested = installCapabilities(process.env)
const env = { ...process.env, PIERHEAD_REQUIRE: strict ? '1' : '' }
const { code, passed, failed, skipped } = await runVitest(
  [...withScripts.flatMap((name) => ['--project', `!${name}`]), ...process.argv.slice(2)],
  { cwd: root, env },
)

for (const line of untested) console.log(line)
if (strict && skipped > 0) console.log(`${skipped} tests were skipped, and CI=true allows none.`)
// A file that cannot be loaded, or an error outside every test, fails the run without failing a test.
const uncounted = code !== 0 && failed === 0 ? 1 : 0
console.log(`${passed} passed, ${failed + uncounted} failed, ${skipped} skipped`)
process.exitCode = code !== 0 || (strict && (skipped > 0 || untested.length > 0)) ? 1 : 0
