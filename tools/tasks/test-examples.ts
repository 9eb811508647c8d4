// `npm run test:examples`: the examples, installed and driven with a real browser. `-- --short`: from packed packages only.
// With CI=true whatever is skipped fails the run.
import { runProject, takeFlag } from '../lib/run-project.ts'

const { given: short, rest } = takeFlag('--short')
await runProject({
  project: 'examples',
  needs: ['browser'],
  args: ['--maxWorkers=1', ...rest],
  env: { PIERHEAD_SHORT: short ? '1' : '' },
})
