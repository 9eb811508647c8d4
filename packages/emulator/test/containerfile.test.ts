import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const home = join(import.meta.dirname, '..')
const root = join(home, '../..')
const lines = readFileSync(join(home, 'Containerfile'), 'utf8').replaceAll('\\\n', ' ').split('\n')

const argumentsOf = (instruction: string): string[] => {
  const line = lines.find((one) => one.startsWith(`${instruction} `)) ?? ''
  // The JSON form of an instruction; anything else fails the test.
  return JSON.parse(line.slice(line.indexOf('['))) as string[]
}

test('the image copies what the repository and its build make', () => {
  const copied = lines.flatMap((line) => {
    const [, from, to] = /^COPY --from=build \/app\/(\S+) (\S+)$/.exec(line) ?? []
    return from === undefined ? [] : [{ from, to }]
  })
  expect(copied.map(({ from }) => from)).toEqual(copied.map(({ to }) => to))
  const made = ['node_modules', 'packages/emulator/dist']
  const missing = copied.filter(({ from }) => !made.includes(from) && !existsSync(join(root, from)))
  expect([copied.length, missing]).toEqual([3, []])
  const [program, entry = ''] = argumentsOf('ENTRYPOINT')
  expect(program).toBe('node')
  expect(existsSync(join(root, entry.replace('/dist/', '/src/').replace(/\.js$/, '.ts')))).toBe(true)
})

test('its command starts the emulator, and its health check tells whether it runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-emulator-'))
  const [, , ...options] = argumentsOf('ENTRYPOINT')
  const args = [...options.map((option) => (option === '/data' ? folder : option)), '--port', '0', '--quiet']
  const source = ['--conditions=pierhead-source', join(home, 'src/cli.ts')]
  const child = spawn(process.execPath, [...source, ...args, '--no-sample-data'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  try {
    await once(child.stdout, 'data')
    // What the emulator wrote just now.
    const info = JSON.parse(readFileSync(join(folder, 'emulator.json'), 'utf8')) as { url: string }
    const port = new URL(info.url).port
    expect(await health(port)).toBe(0)
    child.kill('SIGTERM')
    await closed
    expect(await health(port)).toBe(1)
  } finally {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  }
})

/** The exit code of the health check. */
function health(port: string): Promise<number | null> {
  const line = lines.find((one) => one.startsWith('HEALTHCHECK')) ?? ''
  // The JSON form of its command.
  const [, ...args] = JSON.parse(line.slice(line.indexOf('['))) as string[]
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      args.map((arg) => arg.replace(':8889/', `:${port}/`)),
    )
    child.once('close', resolve)
  })
}
