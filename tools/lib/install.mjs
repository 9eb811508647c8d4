// A fresh clone must run on Node 20 and npm alone: this brings a current Node where the machine's is too old, and the
// dependencies where they are missing or older than the lock file. Plain JavaScript: it runs before anything is there.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { withLock } from './lock.mjs'

const oldestNode = 24

/**
 * The Node to run on: the running one if it is recent, else the one under tools/node, installed when it is missing.
 * @param {string} root
 * @param {string} version of the running Node
 * @returns {Promise<string>} path of the executable
 */
export async function ensureNode(root, version = process.versions.node) {
  if (Number.parseInt(version, 10) >= oldestNode) return process.execPath
  const folder = join(root, 'tools', 'node')
  const found = installedNode(folder)
  if (found) return found
  return withLock(join(root, '.install-lock'), async () => {
    const already = installedNode(folder)
    if (already) return already
    console.log(`Node ${version} is too old for this repository: installing a newer one under tools/node (once) …`)
    await npmCi(folder, process.execPath)
    const node = installedNode(folder)
    if (node) return node
    const here = `${process.platform} ${process.arch}`
    throw new Error(`There is no packaged Node for ${here}. Install Node ${oldestNode} or newer and try again.`)
  })
}

/**
 * Installs the dependencies of the workspaces unless they match the lock file already.
 * @param {string} root
 * @param {string} node path of the Node to use
 */
export async function ensureInstalled(root, node) {
  const file = join(root, 'node_modules', '.pierhead-installed')
  const wanted = stamp(root, node)
  const isCurrent = () => existsSync(file) && readFileSync(file, 'utf8') === wanted
  if (isCurrent()) return
  await withLock(join(root, '.install-lock'), async () => {
    if (isCurrent()) return
    console.log('Installing the dependencies of package-lock.json (npm ci) …')
    await npmCi(root, node)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, wanted)
  })
}

/** @param {string} folder @returns {string | undefined} */
function installedNode(folder) {
  const system = process.platform === 'win32' ? 'win' : process.platform
  const wanted = manifest(folder).optionalDependencies ?? {}
  for (const name of [`node-${system}-${process.arch}`, `node-bin-${system}-${process.arch}`]) {
    const home = join(folder, 'node_modules', name)
    const node = join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    if (!existsSync(node)) continue
    if (manifest(home).version === wanted[name]) return node
  }
  return undefined
}

/** @param {string} folder */
function manifest(folder) {
  const text = readFileSync(join(folder, 'package.json'), 'utf8')
  // npm's own file format, committed or installed from a locked package.
  return /** @type {{ version?: string, optionalDependencies?: Record<string, string> }} */ (JSON.parse(text))
}

/** @param {string} root @param {string} node */
function stamp(root, node) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const major = node === process.execPath ? Number.parseInt(process.versions.node, 10) : 'tools/node'
  return `${lock} ${major} ${process.platform}-${process.arch}\n`
}

/** @param {string} cwd @param {string} node @returns {Promise<void>} */
function npmCi(cwd, node) {
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund']
  const script = process.env.npm_execpath ?? ''
  /** @type {import('node:child_process').SpawnOptions} */
  const options = { cwd, stdio: ['ignore', 'ignore', 'inherit'] }
  // npm names itself in npm_execpath; other package managers do too, and cannot read this lock file.
  const child = /npm-cli\.[cm]?js$/.test(script)
    ? spawn(node, [script, ...args], options)
    : spawn('npm', args, { ...options, shell: process.platform === 'win32' })
  const stop = () => child.kill()
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop)
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`npm cannot be started: ${error.message}`)))
    child.on('exit', (code) => {
      process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', stop)
      if (code === 0) resolve()
      else reject(new Error(`npm ci failed in ${cwd} (exit code ${code}); its own words are above.`))
    })
  })
}
