// The portal with its sessions in Redis or PostgreSQL, chosen by one variable. Servers, processes and outages are real.
import type { RunningEmulator } from '@pierhead/emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { capability } from '../tools/lib/capability.ts'
import type { OwnServer } from '../tools/lib/own-server.ts'
import { startPostgres } from '../tools/lib/postgres-server.ts'
import { startRedis } from '../tools/lib/redis-server.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { startGlobus } from './support/emulator.ts'
import { startPortal, type Portal } from './support/portal.ts'

const password = 'spring-tide-7'
const minute = 60_000

/** A server that is down, whose place is known. */
interface Place {
  readonly url: string
  start(): Promise<OwnServer>
}

const kinds = {
  redis: async (): Promise<Place> => {
    const args = ['--requirepass', password]
    const { port, stop } = await startRedis()
    await stop()
    return { url: `redis://:${password}@127.0.0.1:${port}`, start: () => startRedis({ port, args }) }
  },
  postgres: async (): Promise<Place> => {
    const { folder, port, url, stop } = await startPostgres()
    await stop({ keepData: true })
    const withPassword = url.replace('postgres@', `postgres:${password}@`)
    return { url: withPassword, start: () => startPostgres({ again: { folder, port } }) }
  },
} as const

let globus: RunningEmulator
let portal: Portal | undefined
let server: OwnServer | undefined

beforeAll(async () => {
  globus = await startGlobus()
})
afterEach(async () => {
  await portal?.close()
  await server?.stop()
  portal = server = undefined
})
afterAll(() => globus.close())

const statusOf = async (address: string): Promise<number> => (await fetch(address)).status

describe.each(['redis', 'postgres'] as const)('a portal with its sessions in %s', (kind) => {
  it.skipIf(!capability(kind).available)(
    'REL-39 REL-42 starts before its store, says so, goes on when it is there, and loses nobody at its own restart',
    { timeout: 10 * minute },
    async () => {
      const place = await kinds[kind]()
      portal = await startPortal(globus, { SESSION_STORE_URL: place.url })
      const { origin } = portal
      expect(await statusOf(`${origin}/`)).toBe(200)
      const unready = await fetch(`${origin}/readyz`)
      expect([unready.status, await unready.json()]).toEqual([
        503,
        { status: 'unavailable', code: 'store_unavailable' },
      ])
      expect((await logIn(new Visitor(), `${origin}/login`, 'Maya Okafor')).status).toBe(503)

      server = await place.start()
      await expect.poll(() => statusOf(`${origin}/readyz`), { timeout: minute }).toBe(200)
      const visitor = await logIn(new Visitor(), `${origin}/login`, 'Maya Okafor')
      expect(visitor.text).toContain('Hello Maya Okafor!')
      await portal.restart()
      expect((await visitor.open('/')).text).toContain('Hello Maya Okafor!')

      await server.stop({ keepData: true })
      await visitor.open('/account')
      expect([visitor.status, visitor.url]).toEqual([503, `${origin}/account`])
      expect([await statusOf(`${origin}/`), await statusOf(`${origin}/readyz`)]).toEqual([200, 503])
      expect(portal.output()).toContain('The session store does not answer.')
      expect(portal.output()).not.toContain(password)
    },
  )
})

it(
  'ends in words when the driver does not understand the address, which it keeps to itself',
  { timeout: 10 * minute },
  async () => {
    const output: string[] = []
    const env = { SESSION_STORE_URL: `redis://:${password}@127.0.0.1:6379/first` }
    await expect(startPortal(globus, env, (text) => output.push(text))).rejects.toThrow('ended with code 1')
    expect(output.join('')).toBe('SESSION_STORE_URL is no address that the driver of its database understands.\n')
  },
)
