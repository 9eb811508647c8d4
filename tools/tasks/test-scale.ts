// `npm run test:scale`: 200 people at four portals behind nginx, with Redis, then PostgreSQL, while processes and servers are
// killed and restarted. `-- --short`: 24 people. With CI=true whatever is skipped fails the run.
import { runProject, takeFlag } from '../lib/run-project.ts'

const { given: short, rest } = takeFlag('--short')
await runProject({
  project: 'scale',
  needs: ['nginx', 'openssl', 'redis', 'postgres'],
  args: ['--no-file-parallelism', ...rest],
  env: { PIERHEAD_PEOPLE: short ? '24' : '200' },
})
