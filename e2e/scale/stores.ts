import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OwnServer } from '../../tools/lib/own-server.ts'
import { startPostgres } from '../../tools/lib/postgres-server.ts'
import { startRedis } from '../../tools/lib/redis-server.ts'

/** A database server that keeps what it has over a restart. */
export interface Store {
  /** For `SESSION_STORE_URL`. */
  readonly url: string
  stop(): Promise<void>
  startAgain(): Promise<void>
  remove(): Promise<void>
}

export const stores = { Redis: redis, Postgres: postgres } as const

async function redis(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-scale-'))
  let server: OwnServer = await startRedis({ folder })
  const { port } = server
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: () => server.stop(),
    async startAgain() {
      server = await startRedis({ folder, port })
    },
    async remove() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function postgres(): Promise<Store> {
  let server = await startPostgres()
  const { url, folder, port } = server
  return {
    url,
    stop: () => server.stop({ keepData: true }),
    async startAgain() {
      server = await startPostgres({ again: { folder, port } })
    },
    remove: () => server.stop(),
  }
}
