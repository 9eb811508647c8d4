// `npm run test:next`: the adapter for Next.js in a production server of Next, installed and built in a folder of its own.
// With CI=true whatever is skipped fails the run.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildNextGuide, buildNextSite, installNextSite } from '../lib/next-site.ts'
import { runProject } from '../lib/run-project.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pierhead-next-')))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const site = installNextSite(folder)
for (const basePath of ['', '/portal']) buildNextSite(site, basePath)
buildNextGuide(site)
await runProject({
  project: 'next',
  needs: ['browser'],
  args: ['--maxWorkers=1', ...process.argv.slice(2)],
  env: { NODE_ENV: 'production', PIERHEAD_NEXT_SITE: site },
})
