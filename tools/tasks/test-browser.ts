// `npm run test:browser`: every page of the portal in a real browser, by mouse and keyboard. With CI=true whatever is skipped
// fails the run.
import { runProject } from '../lib/run-project.ts'

await runProject({ project: 'browser', needs: ['browser'], args: ['--maxWorkers=1', ...process.argv.slice(2)] })
