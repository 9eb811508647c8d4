// `npm run test:scale`: 200 people at four portals behind nginx, with Redis, then PostgreSQL, while processes and servers are
// killed and restarted. `-- --short`: 24 people. With CI=true whatever is skipped fails the run.
import { installCapabilities } from '../lib/install-capabilities.ts'
import { root } from '../lib/root.ts'
import { runVitest } from '../lib/vitest.ts'

const wanted = process.argv.slice(2)
const strict = process.env.CI === 'true'
const untested = installCapabilities(process.env, ['nginx', 'openssl', 'redis', 'postgres'])
const { code, skipped } = await runVitest(
  ['--project', 'scale', '--no-file-parallelism', ...wanted.filter((argument) => argument !== '--short')],
  {
    cwd: root,
    env: {
      ...process.env,
      PIERHEAD_PEOPLE: wanted.includes('--short') ? '24' : '200',
      PIERHEAD_REQUIRE: strict ? '1' : '',
    },
  },
)

for (const line of untested) console.log(line)
process.exitCode = code !== 0 || (strict && (skipped > 0 || untested.length > 0)) ? 1 : 0
