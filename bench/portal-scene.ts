import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../tools/lib/ports.ts'
import { startChild, type Child } from './child.ts'
import type { PortalEmulator, PortalEmulatorQuestion } from './portal-emulator.ts'
import type { PortalUsage } from './portal-usage.ts'
import { createVisitor, type Visitor } from './portal-visitor.ts'

/** The portal as people run it and a local Globus, each a process of its own. */
export interface PortalScene {
  readonly globus: PortalEmulator
  readonly portal: Child
  readonly port: number
  readonly origin: string
  /** A browser that knows nobody yet. */
  readonly visitor: () => Visitor
  readonly usage: () => Promise<PortalUsage>
  readonly ask: (question: PortalEmulatorQuestion) => Promise<unknown>
}

const program = '../apps/portal/src/main.ts'
/** Milliseconds. A busy machine takes its time to start a program. */
const patience = 60_000

/** Starts both, does the work, and ends both whatever happens. `folder`: where the files of the collection are made. */
export async function withPortal<Result>(
  { folder = '/dev/shm' }: { readonly folder?: string },
  work: (scene: PortalScene) => Promise<Result>,
): Promise<Result> {
  const own = mkdtempSync(join(tmpdir(), 'pierhead-bench-'))
  const emulator = startChild('portal-emulator.ts', 0)
  const children = [emulator]
  const ask = (question: PortalEmulatorQuestion): Promise<unknown> => emulator.ask(question)
  let isOpen = false
  try {
    const port = await freePort()
    const origin = `http://localhost:${port}`
    // The answer of portal-emulator.ts.
    const globus = (await ask({ type: 'open', folder, redirectUri: `${origin}/login` })) as PortalEmulator
    isOpen = true
    const env = environment(globus, { port, origin, folder: own })
    const portal = startChild(program, 1, { env, preload: 'portal-usage.ts', silent: true })
    children.push(portal)
    await ready(origin)
    return await work({
      globus,
      portal,
      port,
      origin,
      visitor: () => createVisitor(origin),
      // The answer of portal-usage.ts.
      usage: async () => (await portal.ask({})) as PortalUsage,
      ask,
    })
  } finally {
    if (isOpen) await ask({ type: 'close' }).catch(() => undefined)
    for (const child of children) child.stop()
    rmSync(own, { recursive: true, force: true })
  }
}

function environment(
  globus: PortalEmulator,
  { port, origin, folder }: { readonly port: number; readonly origin: string; readonly folder: string },
): Record<string, string | undefined> {
  return {
    PATH: process.env['PATH'],
    PORT: String(port),
    PIERHEAD_DATA: folder,
    SESSION_SECRET: randomBytes(48).toString('base64'),
    GLOBUS_CLIENT_ID: globus.clientId,
    GLOBUS_CLIENT_SECRET: globus.clientSecret,
    GLOBUS_REDIRECT_URI: `${origin}/login`,
    ...globus.env,
  }
}

async function ready(origin: string): Promise<void> {
  for (const start = performance.now(); performance.now() - start < patience; await delay(50)) {
    const response = await fetch(`${origin}/healthz`).catch(() => undefined)
    await response?.arrayBuffer()
    if (response?.ok === true) return
  }
  throw new Error('The portal did not start in time.')
}
