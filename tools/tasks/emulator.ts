// `npm run emulator -- …`: the emulator alone, with the arguments as they are.
import { join } from 'node:path'
import { exitLike, startNode } from '../lib/child.mjs'
import { root } from '../lib/root.ts'

const entry = join(root, 'packages/emulator/src/cli.ts')
exitLike(startNode(process.execPath, [entry, ...process.argv.slice(2)], { cwd: root, env: process.env }))
