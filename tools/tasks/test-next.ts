// `npm run test:next`: the adapter for Next.js in a production server of Next, installed and built in a folder of its own.
// With CI=true whatever is skipped fails the run.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installCapabilities } from '../lib/install-capabilities.ts'
import { buildNextGuide, buildNextSite, installNextSite } from '../lib/next-site.ts'
import { root } from '../lib/root.ts'
import { runVitest } from '../lib/vitest.ts'

const strict = process.env.CI === 'true'
const untested = installCapabilities(process.env, ['browser'])
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pierhead-next-')))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const site = installNextSite(folder)
for (const basePath of ['', '/portal']) buildNextSite(site, basePath)
buildNextGuide(site)
const { code, skipped } = await runVitest(['--project', 'next', '--maxWorkers=1', ...process.argv.slice(2)], {
  cwd: root,
  env: {
    ...process.env,
    NODE_ENV: 'production',
    PIERHEAD_NEXT_SITE: site,
    PIERHEAD_REQUIRE: strict ? '1' : '',
  },
})

for (const line of untested) console.log(line)
process.exitCode = code !== 0 || (strict && (skipped > 0 || untested.length > 0)) ? 1 : 0
