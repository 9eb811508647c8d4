// `npm run test:proxies`: an app behind Apache and nginx, configured by what `pierhead proxy-config` prints, and one behind squid
// that reaches Globus only through it. `-- --long`:
// uploads of 2 GiB, and a stream that is silent for 5 minutes. With CI=true whatever is skipped fails the run.
import { runProject, takeFlag } from '../lib/run-project.ts'

const { given: long, rest } = takeFlag('--long')
await runProject({
  project: 'proxies',
  needs: ['apache', 'nginx', 'openssl', 'squid'],
  args: ['--maxWorkers=1', ...rest],
  env: { PIERHEAD_LONG: long ? '1' : '' },
})
