import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root as repository } from '../lib/root.ts'
import { isRunning, type Program, startProgram, until } from './processes.ts'
import { makeTree } from './tree.ts'

const manifest = { name: 'tree', version: '1.0.0', private: true }
const lock = { ...manifest, lockfileVersion: 3, requires: true, packages: { '': manifest } }

/** A tree with this repository's runner, nothing installed, and one task. */
function makeRepository(task: string): string {
  const files = { 'package.json': JSON.stringify(manifest), 'package-lock.json': JSON.stringify(lock) }
  const root = makeTree({ ...files, 'tools/tasks/work.ts': task, 'tools/tasks/other.mjs': '' })
  cpSync(join(repository, 'tools/lib'), join(root, 'tools/lib'), { recursive: true })
  cpSync(join(repository, 'tools/run.mjs'), join(root, 'tools/run.mjs'))
  return root
}

function run(root: string, ...args: readonly string[]): Program {
  return startProgram([process.execPath, join(root, 'tools/run.mjs'), ...args], {}, root)
}

test('installs first, says so once, and then no more', async () => {
  const root = makeRepository('console.log("worked")')
  const first = run(root, 'work')
  expect(await first.ended).toBe(0)
  expect(first.output()).toMatch(/^Installing the dependencies of package-lock\.json \(npm ci\) …\n[^]*worked\n$/)
  const second = run(root, 'work')
  expect(await second.ended).toBe(0)
  expect(second.output()).toBe('worked\n')
  expect(existsSync(join(root, '.install-lock'))).toBe(false)
})

test('installs anew when the lock file has changed', async () => {
  const root = makeRepository('')
  await run(root, 'work').ended
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ ...lock, version: '1.0.1' }))
  const again = run(root, 'work')
  expect(await again.ended).toBe(0)
  expect(again.output()).toContain('Installing the dependencies')
})

test('two at once install once', async () => {
  const root = makeRepository('console.log("worked")')
  const both = [run(root, 'work'), run(root, 'work')]
  expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0])
  const output = both.map((program) => program.output()).join('')
  expect(output.match(/Installing/g)).toHaveLength(1)
  expect(output.match(/worked/g)).toHaveLength(2)
})

test('takes over the lock of a process that is gone', async () => {
  const root = makeRepository('')
  writeFileSync(join(root, '.install-lock'), '4194305')
  expect(await run(root, 'work').ended).toBe(0)
})

test('names what failed when the installation does, and tries again next time', async () => {
  const root = makeRepository('')
  writeFileSync(join(root, 'package-lock.json'), '{"lockfileVersion":3}')
  writeFileSync(join(root, 'package.json'), JSON.stringify({ ...manifest, dependencies: { missing: '1.0.0' } }))
  const program = run(root, 'work')
  expect(await program.ended).toBe(1)
  expect(program.output()).toMatch(/npm ci failed in .* \(exit code 1\); its own words are above\.\n$/)
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock))
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest))
  expect(await run(root, 'work').ended).toBe(0)
})

test('runs the task with its arguments and the package sources, and ends as it ends', async () => {
  const root = makeRepository(
    'console.log(JSON.stringify([process.argv.slice(2), process.execArgv])); process.exit(42)',
  )
  const program = run(root, 'work', '--fresh', 'a b')
  expect(await program.ended).toBe(42)
  expect(program.output()).toContain('[["--fresh","a b"],["--conditions=pierhead-source",')
})

test.each(['nothing', '', '../lib/root', 'tasks/work'])('names the known tasks instead of %j', async (name) => {
  const program = run(makeRepository(''), name)
  expect(await program.ended).toBe(2)
  expect(program.output()).toBe(`There is no task ${JSON.stringify(name)}. Known tasks: other, work.\n`)
})

test('passes signals on and ends by the same signal', async () => {
  const root = makeRepository(
    "process.on('SIGTERM', () => process.exit(7)); console.log('up'); setInterval(() => {}, 1000)",
  )
  const polite = run(root, 'work')
  await polite.printed(/^up$/m)
  polite.child.kill('SIGTERM')
  expect(await polite.ended).toBe(7)
  const plain = run(makeRepository("console.log('up'); setInterval(() => {}, 1000)"), 'work')
  await plain.printed(/^up$/m)
  plain.child.kill('SIGINT')
  expect(await plain.ended).toBe('SIGINT')
})

test('the task ends when the runner is killed', async () => {
  const program = run(makeRepository('console.log(`pid ${process.pid}.`); setInterval(() => {}, 1000)'), 'work')
  const [, pid] = await program.printed(/pid (\d+)\./)
  program.child.kill('SIGKILL')
  expect(await until(() => (isRunning(Number(pid)) ? undefined : 'gone'))).toBe('gone')
})

test('the task ends when npm is told to end', async () => {
  const root = makeRepository('console.log(`pid ${process.pid}.`); setInterval(() => {}, 1000)')
  const scripts = { work: 'node tools/run.mjs work' }
  writeFileSync(join(root, 'package.json'), JSON.stringify({ ...manifest, scripts }))
  const program = startProgram(['npm', 'run', 'work'], {}, root)
  const [, pid] = await program.printed(/pid (\d+)\./)
  program.child.kill('SIGTERM')
  expect(await until(() => (isRunning(Number(pid)) ? undefined : 'gone'))).toBe('gone')
})

/** Asks a tree's own module which Node it would run on, were the running one of the given version. */
function nodeFor(root: string, version: string): Program {
  const question = `import { ensureNode } from './tools/lib/install.mjs'
    try { console.log(await ensureNode(process.cwd(), '${version}')) } catch (error) { console.log(error.message) }`
  return startProgram([process.execPath, '--input-type=module', '-e', question], {}, root)
}

/** Writes tools/node as it is for this machine, with a link in place of the downloaded program. */
function writePackagedNode(root: string, wanted: string, installed: string): string {
  const name = `node-${process.platform}-${process.arch}`
  const home = join(root, 'tools/node/node_modules', name)
  mkdirSync(join(home, 'bin'), { recursive: true })
  const packaged = { name: 'tree-node', version: '1.0.0', optionalDependencies: { [name]: wanted } }
  writeFileSync(join(root, 'tools/node/package.json'), JSON.stringify(packaged))
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, version: installed }))
  symlinkSync(process.execPath, join(home, 'bin/node'))
  return join(home, 'bin/node')
}

test('a recent Node is used as it is, and tools/node is not even looked at', async () => {
  const program = nodeFor(makeRepository(''), '24.0.0')
  await program.ended
  expect(program.output()).toBe(`${process.execPath}\n`)
})

test('an old Node gives way to the packaged one', async () => {
  const root = makeRepository('')
  const node = writePackagedNode(root, '26.10.0', '26.10.0')
  const program = nodeFor(root, '20.20.0')
  await program.ended
  expect(program.output()).toBe(`${node}\n`)
})

test('a packaged Node of another release is replaced, and a machine without one is told what to do', async () => {
  const root = makeRepository('')
  writePackagedNode(root, '26.10.0', '25.0.0')
  const empty = { name: 'tree-node', version: '1.0.0' }
  writeFileSync(join(root, 'tools/node/package.json'), JSON.stringify(empty))
  writeFileSync(
    join(root, 'tools/node/package-lock.json'),
    JSON.stringify({ ...empty, lockfileVersion: 3, packages: { '': empty } }),
  )
  const program = nodeFor(root, '22.13.1')
  await program.ended
  expect(program.output()).toMatch(
    /^Node 22\.13\.1 is too old .*\n[^]*There is no packaged Node for \w+ \w+\. Install Node 24 or newer and try again\.\n$/,
  )
})
