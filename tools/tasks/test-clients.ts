// `npm run test:clients`: real clients judge the emulator. `-- TEXT` takes only those whose name holds the text.
import { join } from 'node:path'
import { exitLike, startNode } from '../lib/child.mjs'
import { root } from '../lib/root.ts'

exitLike(
  startNode(process.execPath, [join(root, 'e2e/clients/main.ts'), ...process.argv.slice(2)], {
    cwd: root,
    env: process.env,
  }),
)
