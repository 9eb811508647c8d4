import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import type { RunningEmulator } from '@pierhead/emulator'
import { endProgram, within } from '../../tools/lib/deadline.ts'
import { freePort } from '../../tools/lib/ports.ts'

export interface RunningSite {
  readonly origin: string
  close(): Promise<void>
}

/** `next start` in the folder where `npm run test:next` has built the site. */
export function startSite(globus: RunningEmulator): Promise<RunningSite> {
  return start(globus, { below: '', command: 'start', mode: 'production' })
}

/** `next dev` in the folder where the blocks of docs/nextjs.md are. */
export function startGuide(globus: RunningEmulator): Promise<RunningSite> {
  return start(globus, { below: 'guide', command: 'dev', mode: 'development' })
}

async function start(
  globus: RunningEmulator,
  { below, command, mode }: { below: string; command: 'start' | 'dev'; mode: 'production' | 'development' },
): Promise<RunningSite> {
  const folder = process.env['PIERHEAD_NEXT_SITE'] ?? ''
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const { clientId } = globus.registerApp({ name: 'Tide Viewer', type: 'portal', redirectUris: [`${origin}/login`] })
  const settings = { ...globus.envFor({ client: clientId }), SESSION_SECRET: randomBytes(32).toString('base64') }
  const own = { NODE_ENV: mode, NEXT_TELEMETRY_DISABLED: '1', SITE_BASE_PATH: '' } as const
  const next = join(folder, 'node_modules/next/dist/bin/next')
  const child = spawn(process.execPath, [next, command, '--hostname', 'localhost', '--port', String(port)], {
    cwd: join(folder, below),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...own, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  const close = (): Promise<void> => endProgram(child)
  try {
    await within(`Starting next ${command}`, untilReady(child.stdout, closed), 240_000)
  } catch (error) {
    await close()
    throw error
  }
  return { origin, close }
}

async function untilReady(output: NodeJS.ReadableStream, closed: Promise<unknown>): Promise<void> {
  const ready = Promise.withResolvers<void>()
  output.setEncoding('utf8')
  output.on('data', (text: string) => {
    if (text.includes('Ready')) ready.resolve()
  })
  void closed.then(() => ready.reject(new Error('next start ended.')))
  await ready.promise
}
