// `npm run bench`: the measured claims, with the arguments as they are.
import { join } from 'node:path'
import { exitLike, startNode } from '../lib/child.mjs'
import { root } from '../lib/root.ts'

exitLike(
  startNode(process.execPath, [join(root, 'bench/run.ts'), ...process.argv.slice(2)], { cwd: root, env: process.env }),
)
