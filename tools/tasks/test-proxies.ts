// `npm run test:proxies`: an app behind Apache and nginx, configured by what `pierhead proxy-config` prints, and one behind squid
// that reaches Globus only through it. `-- --long`:
// uploads of 2 GiB, and a stream that is silent for 5 minutes. With CI=true whatever is skipped fails the run.
import { installCapabilities } from '../lib/install-capabilities.ts'
import { root } from '../lib/root.ts'
import { runVitest } from '../lib/vitest.ts'

const wanted = process.argv.slice(2)
const strict = process.env.CI === 'true'
const untested = installCapabilities(process.env, ['apache', 'nginx', 'openssl', 'squid'])
const { code, skipped } = await runVitest(
  ['--project', 'proxies', '--maxWorkers=1', ...wanted.filter((argument) => argument !== '--long')],
  {
    cwd: root,
    env: {
      ...process.env,
      PIERHEAD_LONG: wanted.includes('--long') ? '1' : '',
      PIERHEAD_REQUIRE: strict ? '1' : '',
    },
  },
)

for (const line of untested) console.log(line)
process.exitCode = code !== 0 || (strict && (skipped > 0 || untested.length > 0)) ? 1 : 0
