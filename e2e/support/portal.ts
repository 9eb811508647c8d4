import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningEmulator } from '@pierhead/emulator'
import { registerApp, type Registration } from './emulator.ts'
import { endProgram, within } from '../../tools/lib/deadline.ts'
import { freePort } from '../../tools/lib/ports.ts'

/** The portal as a program of its own, as people run it. */
export interface Portal extends Registration {
  readonly origin: string
  /** Everything it printed. */
  readonly output: () => string
  /** Ends the program and starts it anew, on the data that it left. */
  restart(): Promise<void>
  close(): Promise<void>
}

/**
 * Starts the portal on a free port, registered at the emulator, with a data folder of its own.
 * @param onOutput takes what it prints, also when it does not start
 */
export async function startPortal(
  globus: RunningEmulator,
  env: NodeJS.ProcessEnv = {},
  onOutput?: (text: string) => void,
): Promise<Portal> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-e2e-'))
  const registration = registerApp(globus, 'Harbour Portal', `${origin}/login`)
  const settings = {
    PATH: process.env.PATH,
    PORT: String(port),
    PIERHEAD_DATA: folder,
    SESSION_SECRET: randomBytes(48).toString('base64'),
    GLOBUS_CLIENT_ID: registration.clientId,
    GLOBUS_CLIENT_SECRET: registration.clientSecret,
    GLOBUS_REDIRECT_URI: `${origin}/login`,
    ...globus.info().env,
    ...env,
  }
  let output = ''
  const run = (): Promise<ChildProcess> =>
    start(settings, (text) => {
      output += text
      onOutput?.(text)
    })
  let program = await run()
  return {
    ...registration,
    origin,
    output: () => output,
    async restart() {
      await endProgram(program)
      program = await run()
    },
    async close() {
      await endProgram(program)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function start(env: NodeJS.ProcessEnv, keep: (text: string) => void): Promise<ChildProcess> {
  const main = join(import.meta.dirname, '../../apps/portal/src/main.ts')
  const program = spawn(process.execPath, ['--conditions=pierhead-source', main], { env })
  const ready = Promise.withResolvers<void>()
  for (const stream of [program.stdout, program.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      keep(text)
      if (text.includes('portal ready')) ready.resolve()
    })
  }
  const kill = (): void => void program.kill('SIGKILL')
  process.once('exit', kill)
  program.once('exit', () => process.off('exit', kill))
  // When all that it printed has been read.
  program.once('close', (code) => ready.reject(new Error(`The portal ended with code ${code}.`)))
  try {
    await within('Starting the portal', ready.promise)
  } catch (error) {
    kill()
    throw error
  }
  return program
}
