// `npm run bench`: the measurements, with the arguments as they are (`-- --check` fails for a missed budget).
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { exitLike, startNode } from '../lib/child.mjs'
import { root } from '../lib/root.ts'

const entry = join(root, 'bench/main.ts')
if (existsSync(entry))
  exitLike(startNode(process.execPath, [entry, ...process.argv.slice(2)], { cwd: root, env: process.env }))
else {
  console.error('There is nothing to measure yet: bench/main.ts is missing.')
  process.exitCode = 1
}
