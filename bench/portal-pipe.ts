import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { startChild, type Child } from './child.ts'
import type { BareAnswer, BareQuestion } from './portal-bare.ts'
import type { ClientQuestion } from './portal-client.ts'
import { withPortal, type PortalScene } from './portal-scene.ts'
import type { PortalUsage } from './portal-usage.ts'

export const ways = ['download', 'upload'] as const
export type Way = (typeof ways)[number]

/** Bytes in a second of the server's processor time, round by round, and bytes of memory. */
export interface PipeRates {
  readonly bare: Readonly<Record<Way, readonly number[]>>
  readonly portal: Readonly<Record<Way, readonly number[]>>
  /** Of the portal: after a small file each way, and at most while a large one passed. */
  readonly memory: { readonly before: number; readonly most: number; readonly bytes: number }
}

const mebi = 1024 * 1024
const small = 64 * mebi
/** Milliseconds between looks at the memory. */
const period = 100

interface Server {
  readonly port: number
  readonly path: (name: string) => string
  readonly headers: Readonly<Record<string, string>>
  readonly usage: () => Promise<PortalUsage>
}

/** Files of so many bytes through the portal and through a bare pipe, in turn; and one `large` file each way for the memory. */
export async function measurePortalPipe(rounds: number, bytes: number, large: number): Promise<PipeRates> {
  return withPortal({ folder: roomyFolder(large) }, async (scene) => {
    const children = [startChild('portal-client.ts', 0), startChild('portal-bare.ts', 1)] as const
    try {
      const [client, pipe] = children
      const portal = await portalServer(scene)
      const pass = passer(scene, client)
      const memory = await measureMemory(pass, portal, large)
      const bare = await bareServer(scene, pipe)
      const rates = { bare: noRates(), portal: noRates(), memory }
      for (let round = -1; round < rounds; round += 1) {
        for (const way of ways) {
          const measured = { bare: await pass(bare, way, bytes), portal: await pass(portal, way, bytes) }
          if (round < 0) continue
          rates.bare[way].push(measured.bare)
          rates.portal[way].push(measured.portal)
        }
      }
      return rates
    } finally {
      for (const child of children) child.stop()
    }
  })
}

const noRates = (): Record<Way, number[]> => ({ download: [], upload: [] })

type Pass = (server: Server, way: Way, bytes: number) => Promise<number>

/** Reads or writes one file and gives the rate. The file is made for it, of holes, and does not stay. */
function passer({ ask }: PortalScene, client: Child): Pass {
  return async (server, way, bytes) => {
    const name = `${way}.bin`
    if (way === 'download') await ask({ type: 'file', name, bytes })
    const before = await server.usage()
    const { port, headers } = server
    await client.ask({ way, port, path: server.path(name), headers, bytes } satisfies ClientQuestion)
    const { used } = await server.usage()
    await ask({ type: 'remove', name })
    return (bytes / (used - before.used)) * 1_000_000
  }
}

async function measureMemory(pass: Pass, portal: Server, large: number): Promise<PipeRates['memory']> {
  for (const way of ways) await pass(portal, way, small)
  const before = (await portal.usage()).memory
  let most = before
  const end = new AbortController()
  const look = async (): Promise<void> => {
    while (!end.signal.aborted) {
      most = Math.max(most, (await portal.usage()).memory)
      await delay(period)
    }
  }
  const looking = look()
  try {
    for (const way of ways) await pass(portal, way, large)
  } finally {
    end.abort()
    await looking
  }
  return { before, most, bytes: large }
}

async function portalServer({ globus, origin, port, usage, visitor }: PortalScene): Promise<Server> {
  const person = visitor()
  await person.open('/login')
  const folder = `/collections/${globus.collection}`
  const page = await person.open(`${folder}/files/enable`)
  const token = /<meta name="csrf-token" content="([^"]+)"/.exec(page)?.[1] ?? ''
  return {
    port,
    usage,
    path: (name) => `${folder}/content?path=${encodeURIComponent(`/${name}`)}`,
    headers: { host: new URL(origin).host, cookie: person.cookie(), origin, 'x-csrf-token': token },
  }
}

async function bareServer({ globus }: PortalScene, child: Child): Promise<Server> {
  // The answers of portal-bare.ts.
  const { port } = (await child.ask({ globus } satisfies BareQuestion)) as BareAnswer
  const usage = async (): Promise<PortalUsage> => (await child.ask({})) as PortalUsage // As above.
  return { port, usage, path: (name) => `/${name}`, headers: {} }
}

/** In memory where that is large enough for a file on its way. */
function roomyFolder(bytes: number): string {
  const { bavail, bsize } = statfsSync('/dev/shm')
  return bavail * bsize > 2 * bytes ? '/dev/shm' : tmpdir()
}
