// The portal with its sessions in Redis or PostgreSQL, chosen by one variable. Servers, processes and outages are real.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { demo, type RunningEmulator } from '@pierhead/emulator'
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

const { mayasLaptop, tidalSurveyArchive: archive } = demo.collections
let globus: RunningEmulator
let portal: Portal | undefined
let second: Portal | undefined
let server: OwnServer | undefined

beforeAll(async () => {
  globus = await startGlobus()
})
afterEach(async () => {
  await portal?.close()
  await second?.close()
  await server?.stop()
  portal = second = server = undefined
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

describe.each(['redis', 'postgres'] as const)('two portals with their sessions in %s', (kind) => {
  it.skipIf(!capability(kind).available)(
    'know what was ordered at either, over a restart, and make one guest collection of two clicks',
    { timeout: 3 * minute },
    async () => {
      const place = await kinds[kind]()
      server = await place.start()
      const env = { SESSION_STORE_URL: place.url, SESSION_SECRET: 'q7Zr2-wTn9_Lk4sVb8Xc1-mJd6hGp3Ya5' }
      portal = await startPortal(globus, env)
      const { clientId, clientSecret, origin } = portal
      const client = { GLOBUS_CLIENT_ID: clientId, GLOBUS_CLIENT_SECRET: clientSecret }
      second = await startPortal(globus, { ...env, ...client, GLOBUS_REDIRECT_URI: `${origin}/login` })
      plant('shared/tides.csv')
      const maya = await logIn(new Visitor(), `${origin}/login`, 'Maya Okafor')

      const copy = { source: archive, source_path: '/shared/', name: 'tides.csv', destination: mayasLaptop }
      await openAllowing(maya, `${origin}/collections/${archive}/files`)
      await openAllowing(maya, `${origin}/transfers/new?${new URLSearchParams(copy)}`)
      await maya.submit('Start copying', { destination: mayasLaptop, destination_folder: '/in/', sync: 'checksum' })
      const task = new URL(maya.url).pathname
      expect(task).toMatch(/^\/transfers\/[0-9a-f-]{36}$/)
      await expect.poll(async () => (await maya.open(origin + task)).text, { timeout: minute }).toContain('done')
      await portal.restart()
      for (const one of [portal, second]) {
        const form = await read(maya, one.origin + task + '/again')
        expect(form).toContain('name="name" value="tides.csv"')
        expect(form).toMatch(/value="checksum"\s+selected/)
      }

      await openAllowing(maya, `${origin}/collections/${archive}/share?path=%2Fshared%2F`)
      const csrf = /name="csrf_token" value="([^"]+)"/.exec(maya.body)?.[1] ?? ''
      const fields = { csrf_token: csrf, path: '%2Fshared%2F', collection_name: kind }
      globus.faults.add({ endpoint: 'gcs-manager', fault: { kind: 'delay', milliseconds: 500 }, times: 'always' })
      const [one, other] = await Promise.all(
        [portal, second].map(async (at) =>
          fetch(`${at.origin}/collections/${archive}/share`, {
            method: 'POST',
            headers: { cookie: await maya.cookies(origin), origin, accept: 'text/html' },
            body: new URLSearchParams(fields),
            redirect: 'manual',
          }),
        ),
      )
      globus.faults.clear()
      expect([one?.status, other?.status]).toEqual([303, 303])
      expect(one?.headers.get('location')).toBe(other?.headers.get('location'))
      const made = globus.world.collections.all().filter(({ displayName }) => displayName === kind)
      expect(made.map(({ id }) => `/collections/${id}/sharing?done=made`)).toEqual([one?.headers.get('location')])
    },
  )
})

function plant(path: string): void {
  const root = globus.info().collections.find(({ id }) => id === archive)?.root ?? ''
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), 'a,b\n')
}

async function openAllowing(visitor: Visitor, address: string): Promise<void> {
  await visitor.open(address)
  for (let asked = 0; asked < 4 && visitor.url.includes('/p/consent'); asked += 1) {
    // What may be left out stands outside of the form, and is ticked.
    const optional = /<input\b(?=[^>]*\bform="decision")[^>]*\bname="([^"]+)"[^>]*\bvalue="([^"]*)"/.exec(visitor.body)
    await visitor.submit('Allow', optional === null ? {} : { [optional[1] ?? '']: optional[2] ?? '' })
  }
}

/** What another process answers to the cookies of this visitor, which are those of any port. */
async function read(visitor: Visitor, address: string): Promise<string> {
  const response = await fetch(address, { headers: { cookie: await visitor.cookies(address), accept: 'text/html' } })
  return response.text()
}

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
