// Every npm script of the repository starts here, on whatever Node the machine has: the rest of the tooling may then
// assume a current Node and an installed tree. Plain JavaScript without dependencies, so that it runs before anything
// is installed; short, because `npm start` passes through it.
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endWithNpm, exitLike, startNode } from './lib/child.mjs'
import { ensureInstalled, ensureNode } from './lib/install.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const tasks = join(root, 'tools', 'tasks')
const [name = '', ...args] = process.argv.slice(2)

const entry = ['.ts', '.mjs'].map((ending) => join(tasks, name + ending)).find((file) => existsSync(file))
if (!/^[\w-]+$/.test(name) || entry === undefined) {
  const names = readdirSync(tasks).map((file) => file.replace(/\.\w+$/, ''))
  console.error(`There is no task ${JSON.stringify(name)}. Known tasks: ${names.sort().join(', ')}.`)
  process.exit(2)
}

try {
  const node = await ensureNode(root)
  // npm scripts and tools that look for `node` themselves find the same one.
  if (node !== process.execPath) process.env.PATH = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`
  await ensureInstalled(root, node)
  const task = startNode(node, [entry, ...args], { cwd: root, env: process.env })
  endWithNpm(task)
  exitLike(task)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
