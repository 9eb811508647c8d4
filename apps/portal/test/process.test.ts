import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demo, startEmulator, type RunningEmulator } from '@pierhead/emulator'
import { freePort } from '../../../tools/lib/ports.ts'
import { portalEnvironment } from './support/setting.ts'
import { Visitor } from './support/visitor.ts'

const main = join(import.meta.dirname, '../src/main.ts')

/** A portal of its own process. */
class Program {
  readonly child: ChildProcess
  output = ''
  errors = ''

  constructor(environment: Record<string, string>) {
    const env = { PATH: process.env['PATH'], ...environment }
    this.child = spawn(process.execPath, ['--conditions=pierhead-source', main], { env })
    this.child.stdout?.on('data', (chunk) => (this.output += String(chunk)))
    this.child.stderr?.on('data', (chunk) => (this.errors += String(chunk)))
  }

  async ready(): Promise<this> {
    while (!this.output.includes('portal ready')) {
      const end = this.child.exitCode ?? this.child.signalCode
      if (end !== null) throw new Error(`It ended with ${end}: ${this.errors}`)
      await Promise.race([once(this.child.stdout ?? this.child, 'data'), once(this.child, 'exit')])
    }
    return this
  }

  /** The exit code, or the name of the signal that ended it. */
  async ended(): Promise<number | string | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close')
    return this.child.exitCode ?? this.child.signalCode
  }

  stop(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | string | null> {
    this.child.kill(signal)
    return this.ended()
  }
}

describe('the program', () => {
  let emulator: RunningEmulator
  let folder: string
  let port: number
  let environment: Record<string, string>
  const programs: Program[] = []
  const start = (changes: Record<string, string> = {}): Program => {
    const program = new Program({ ...environment, ...changes })
    programs.push(program)
    return program
  }

  beforeAll(async () => {
    port = await freePort()
    const redirectUri = `http://localhost:${port}/login`
    const redirectUris = [{ clientId: demo.clients.portal, redirectUri }]
    emulator = await startEmulator({ port: 0, hosts: ['127.0.0.1'], redirectUris })
  })
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pierhead-program-'))
    const own = { PORT: String(port), GLOBUS_REDIRECT_URI: `http://localhost:${port}/login` }
    environment = { ...portalEnvironment(emulator, join(folder, 'data')), ...own }
  })
  afterEach(async () => {
    for (const program of programs.splice(0)) await program.stop('SIGKILL')
    chmodSync(folder, 0o700)
    rmSync(folder, { recursive: true })
  })
  afterAll(() => emulator.close())

  it('S1.29 says when it listens, on both addresses of this machine, and ends at once when asked to', async () => {
    const program = await start().ready()
    expect(program.output).toBe(`portal ready http://localhost:${port}\n`)
    for (const host of ['127.0.0.1', '[::1]']) {
      const response = await fetch(`http://${host}:${port}/healthz`)
      expect([host, await response.json()]).toEqual([host, { status: 'ok' }])
    }
    const asked = performance.now()
    expect(await program.stop('SIGTERM')).toBe(0)
    // Requests under way would have ten seconds.
    expect(performance.now() - asked).toBeLessThan(9000)
    expect(await (await start().ready()).stop('SIGINT')).toBe(0)
  })

  it('lets a request under way end before it ends itself', async () => {
    const yaml = `datasets: [{ id: tides, title: Tides, collection: ${demo.collections.tidalSurveyPublic} }]`
    writeFileSync(join(folder, 'portal.yaml'), yaml)
    const program = await start({ PIERHEAD_CONFIG: join(folder, 'portal.yaml') }).ready()
    emulator.faults.next('endpoint', { kind: 'delay', milliseconds: 3000 })
    const reached = emulator.requestCounts.size
    const page = fetch(`http://localhost:${port}/data/tides`)
    await expect.poll(() => emulator.requestCounts.size).toBeGreaterThan(reached)
    const ended = program.stop('SIGTERM')
    expect([(await page).status, (await (await page).text()).includes('Tides')]).toEqual([200, true])
    expect(await ended).toBe(0)
  })

  it('keeps people logged in over a restart, in files that only its user may read', async () => {
    const program = await start().ready()
    const visitor = new Visitor(`http://localhost:${port}`, fetch)
    await visitor.open('/login')
    await visitor.press('Maya Okafor')
    if (visitor.page.url.pathname === '/p/consent') await visitor.press('Allow')
    expect(visitor.page.text).toContain('Hello Maya Okafor!')
    const sessions = join(folder, 'data/portal')
    expect(statSync(sessions).mode & 0o777).toBe(0o700)
    for (const name of ['sessions.db', 'sessions.db-wal'].map((file) => join(sessions, file)).filter(existsSync))
      expect([name, statSync(name).mode & 0o777]).toEqual([name, 0o600])
    await program.stop('SIGTERM')
    await start().ready()
    expect((await visitor.open('/')).text).toContain('Hello Maya Okafor!')
  })

  it('S1.27 explains wrong settings in words, without a stack, and ends with code 1', async () => {
    const program = start({ SESSION_SECRET: 'abc123!', GLOBUS_CLIENT_ID: '', PORT: '99999' })
    expect(await program.ended()).toBe(1)
    expect(program.output).toBe('')
    expect(program.errors).toMatch(/^The portal cannot start with these settings:\n( {2}[A-Z_]+ (is|has) .*\n){3}$/)
  })

  it('S1.27 refuses a secret that is long but weak', async () => {
    const program = start({ SESSION_SECRET: 'ab'.repeat(20) })
    expect(await program.ended()).toBe(1)
    expect(program.errors).toMatch(/^The portal cannot start: A session secret repeats a few characters\..*\n$/)
  })

  it('refuses a local Globus in production: anybody could log in as anybody there', async () => {
    const program = start({ NODE_ENV: 'production' })
    expect(await program.ended()).toBe(1)
    expect(program.errors).toMatch(/^The portal cannot start: NODE_ENV is production .*\n$/)
  })

  it('says what to do when the port is taken', async () => {
    await start().ready()
    const second = start({ PIERHEAD_DATA: join(folder, 'other') })
    expect(await second.ended()).toBe(1)
    expect(second.errors).toBe(`Port ${port} is in use by another program. End it, or set PORT to another number.\n`)
  })

  it.each([
    ['is a file', () => join(folder, 'file')],
    ['is below a file', () => join(folder, 'file/data')],
    ['is on a file system that takes no folders', () => '/proc/nowhere/data'],
  ])('says what to do when the folder for sessions %s', async (_, data) => {
    writeFileSync(join(folder, 'file'), '')
    const program = start({ PIERHEAD_DATA: data() })
    expect(await program.ended()).toBe(1)
    expect(program.errors).toMatch(/^The portal cannot keep sessions in .*Set PIERHEAD_DATA to a folder .*\n$/)
  })

  it('answers requests that are no requests, and goes on', async () => {
    await start().ready()
    const malformed = [
      'GET / HTTP/1.1\r\nHost: a b\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: [\r\n\r\n',
      'GET / HTTP/1.1\r\nhost:\r\n\r\n',
      'GET evil HTTP/1.1\r\nHost: localhost\r\n\r\n',
      'NONSENSE\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ${'x'.repeat(20_000)}\r\n\r\n`,
    ]
    for (const request of malformed) {
      const answer = await exchange(port, request)
      expect([request.slice(0, 40), /^HTTP\/1\.1 4\d\d /.test(answer)]).toEqual([request.slice(0, 40), true])
      expect(answer).not.toMatch(/at \w+ \(|node:internal/)
    }
    expect((await fetch(`http://localhost:${port}/readyz`)).status).toBe(200)
  })
})

/** Sends bytes as they are and reads what comes back within the answer. */
async function exchange(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(request)
  const answer = await new Promise<string>((resolve, reject) => {
    socket.once('data', (chunk) => resolve(String(chunk)))
    socket.once('error', reject)
  })
  socket.destroy()
  return answer
}
