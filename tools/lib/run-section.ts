import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { endProgram, within } from './deadline.ts'
import { matcherOf } from './shown-output.ts'
import type { Section, Step } from './page-sections.ts'
import { root } from './root.ts'

export interface RunOptions {
  /** A port that is free; it stands for the usual one in every block. */
  readonly port: number
  /** The `bin` folder of a Python environment. */
  readonly python?: string
  readonly env?: Readonly<Record<string, string>>
}

const USUAL_PORT = '8889'
/** Milliseconds for one block. A machine may be busy. */
const patience = 240_000

/**
 * Tries out the blocks of a section, in their order, as a reader would: in a folder and a home of its own, with `pierhead-emulator` on the
 * path, and with the variables that earlier blocks exported.
 *
 * @throws Error naming the line of the block that failed, with all that it printed
 */
export async function runSection(section: Section, options: RunOptions): Promise<void> {
  const desk = prepareDesk(options)
  const servers: ChildProcess[] = []
  try {
    for (const step of section.steps) await runStep(step, desk, servers)
  } finally {
    for (const server of servers) await endProgram(server)
    rmSync(desk.folder, { recursive: true, force: true })
  }
}

/** Where blocks run. */
interface Desk {
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  /** A block's text for this run. */
  readonly adapt: (code: string) => string
}

function prepareDesk({ port, python, env }: RunOptions): Desk {
  mkdirSync(join(root, '.pierhead-docs'), { recursive: true })
  // Inside the repository, so that its packages are found as installed ones would be.
  const folder = mkdtempSync(join(root, '.pierhead-docs', 'run-'))
  const bin = join(folder, '.bin')
  const home = join(folder, '.home')
  for (const made of [bin, home]) mkdirSync(made)
  const cli = join(root, 'packages/emulator/src/cli.ts')
  const shim = join(bin, 'pierhead-emulator')
  writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' --conditions=pierhead-source '${cli}' "$@"\n`)
  chmodSync(shim, 0o755)
  const path = [bin, ...(python === undefined ? [] : [python]), dirname(process.execPath), process.env['PATH'] ?? '']
  const variables = {
    PATH: path.join(':'),
    HOME: home,
    // A tool that looks for a project finds this one's folder first.
    NODE_OPTIONS: '--conditions=pierhead-source --disable-warning=ExperimentalWarning',
    PYTHONDONTWRITEBYTECODE: '1',
    NO_PROXY: '127.0.0.1,localhost',
    ...env,
  }
  return { folder, env: variables, adapt: (code) => code.replaceAll(USUAL_PORT, String(port)) }
}

async function runStep(step: Step, desk: Desk, servers: ChildProcess[]): Promise<void> {
  const { block } = step
  const code = desk.adapt(block.code)
  if (step.kind === 'file') {
    const file = join(desk.folder, step.name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, code)
    return
  }
  if (step.kind === 'server') {
    servers.push(await startServer(code, desk, block.line))
    return
  }
  const commands = commandOf(step.kind, code, desk, block.line)
  // An image is built from the root of the repository.
  const output = await runShell(block.info === 'container' ? `cd '${root}'\n${commands}` : commands, desk, block.line)
  const expected = step.shown === undefined ? undefined : desk.adapt(step.shown.code)
  if (expected !== undefined && !matcherOf(expected).test(output.trim()))
    throw new Error(`Line ${block.line}: expected\n${expected}\nbut it printed\n${output}`)
}

function commandOf(kind: 'shell' | 'node' | 'python', code: string, { folder }: Desk, line: number): string {
  if (kind === 'shell') return code
  const file = join(folder, `block-${line}.${kind === 'node' ? 'ts' : 'py'}`)
  writeFileSync(file, code)
  return kind === 'node' ? `node '${file}'` : `python '${file}'`
}

/** Runs commands in one shell, which starts with what earlier ones exported. */
async function runShell(commands: string, desk: Desk, line: number): Promise<string> {
  const state = join(desk.folder, '.exported')
  const before = existsSync(state) ? `. '${state}'\n` : ''
  const child = spawn('sh', ['-eu', '-c', `${before}${commands}\nexport -p > '${state}'`], {
    cwd: desk.folder,
    env: desk.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience,
    killSignal: 'SIGKILL',
  })
  let [shown, everything] = ['', '']
  child.stdout.on('data', (chunk) => ((shown += String(chunk)), (everything += String(chunk))))
  child.stderr.on('data', (chunk) => (everything += String(chunk)))
  await once(child, 'close')
  if (child.exitCode === 0) return shown
  throw new Error(`Line ${line} ended with ${child.exitCode ?? child.signalCode}:\n${everything}`)
}

/** Starts what keeps running, and waits for its first words. */
async function startServer(commands: string, desk: Desk, line: number): Promise<ChildProcess> {
  const child = spawn('sh', ['-eu', '-c', `exec ${commands}`], {
    cwd: desk.folder,
    env: desk.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let words = ''
  child.stderr.on('data', (chunk) => (words += String(chunk)))
  const ended = once(child, 'close').then(() => {
    throw new Error(`Line ${line} ended at once:\n${words}`)
  })
  try {
    await within(`Starting the server of line ${line}`, Promise.race([once(child.stdout, 'data'), ended]), patience)
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  // It ends when it is told to.
  ended.catch(() => undefined)
  child.stdout.resume()
  return child
}
