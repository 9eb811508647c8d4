// `npm run compare`: defects seen in named releases of other libraries, and the same steps with the kit.
import { join } from 'node:path'
import { exitLike, startNode } from '../lib/child.mjs'
import { root } from '../lib/root.ts'

const program = join(root, 'bench/compare/main.ts')
const args = ['--conditions=pierhead-source', program, ...process.argv.slice(2)]
exitLike(startNode(process.execPath, args, { cwd: root, env: process.env }))
