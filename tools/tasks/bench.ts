// `npm run bench`: the measured claims, with the arguments as they are.
import { join } from 'node:path'
import { exitLike, startNode } from '../lib/child.mjs'
import { installCapabilities } from '../lib/install-capabilities.ts'
import { root } from '../lib/root.ts'

// A budget whose server is missing counts as missed.
for (const line of installCapabilities(process.env, ['redis', 'postgres', 'browser'])) console.log(line)
exitLike(
  startNode(process.execPath, [join(root, 'bench/run.ts'), ...process.argv.slice(2)], { cwd: root, env: process.env }),
)
