import { createClient } from '@redis/client'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { capability } from '../../../../tools/lib/capability.ts'
import type { OwnServer } from '../../../../tools/lib/own-server.ts'
import { startRedis } from '../../../../tools/lib/redis-server.ts'
import {
  createOutageRig,
  describeStoreOutages,
  expectHello,
  expectNoStoreForStrangers,
  expectRecovery,
  soon,
  type Database,
} from '../contract/store-outages.ts'
import { logIn } from '../support/rig.ts'

describe.skipIf(!capability('redis').available)('outages of Redis', () => {
  let server: OwnServer
  let prefixes = 0
  const ends: (() => Promise<void>)[] = []
  beforeAll(async () => {
    server = await startRedis()
  }, 60_000)
  afterEach(async () => {
    for (const end of ends.splice(0)) await end()
  })
  afterAll(() => server.stop())

  const database = (kind: 'node-redis' | 'ioredis'): Database => ({
    kind,
    port: () => server.port,
    address: (port) => `redis://127.0.0.1:${port}#outage${prefixes++}:`,
  })
  const rigFor = (kind: 'node-redis' | 'ioredis', own = server) =>
    createOutageRig({ ...database(kind), port: () => own.port }, (end) => void ends.unshift(end))

  async function direct(own = server) {
    const client = createClient({ url: `redis://127.0.0.1:${own.port}` })
    client.on('error', () => undefined)
    await client.connect()
    ends.unshift(async () => client.destroy())
    return client
  }

  async function ownServer(args: readonly string[] = []): Promise<OwnServer> {
    const own = await startRedis({ args })
    ends.unshift(() => own.stop())
    return own
  }

  describeStoreOutages(database('node-redis'))
  describeStoreOutages(database('ioredis'))

  describe.each(['node-redis', 'ioredis'] as const)('through %s', (kind) => {
    test('REL-40 a Redis that lost everything means a clean login, no error', async () => {
      const rig = await rigFor(kind, await ownServer())
      const own = await direct({ ...server, port: rig.proxy.target })
      await own.flushAll()
      await expectHello(rig, 'stranger')
      expect((await rig.browser.visit('/private')).status).toBe(303)
      await soon(async () => expect((await logIn(rig)).status).toBe(303))
      await expectHello(rig, 'Ada Tester')
    }, 90_000)

    test('REL-41 a full Redis refuses logins and keeps the sessions that it has', async () => {
      const rig = await rigFor(kind, await ownServer(['--maxmemory-policy', 'noeviction']))
      const own = await direct({ ...server, port: rig.proxy.target })
      await own.configSet('maxmemory', '1')
      await expectHello(rig, 'Ada Tester')
      await expectNoStoreForStrangers(rig)
      // A minute later the session should be marked as seen, and cannot be.
      await rig.clock.advance(61_000)
      await expectHello(rig, 'Ada Tester')
      expect(rig.events.map(({ code }) => code)).toContain('not_touched')
      await own.configSet('maxmemory', '0')
      await expectRecovery(rig)
    }, 90_000)

    test('REL-41 REL-44 a replica that only reads refuses logins without a loop; promoted, it takes them', async () => {
      const primary = await ownServer()
      const rig = await rigFor(kind, primary)
      const first = await direct(primary)
      const replica = await ownServer(['--replicaof', '127.0.0.1', String(primary.port)])
      const client = await direct(replica)
      const isWhole = async () => expect(await client.info('replication')).toContain('master_link_status:up')
      await vi.waitFor(isWhole, { timeout: 60_000, interval: 100 })
      await soon(async () => expect(await client.dbSize()).toBe(await first.dbSize()))
      await primary.stop()
      rig.proxy.target = replica.port
      rig.proxy.cut()
      await expectHello(rig, 'Ada Tester')
      await expectNoStoreForStrangers(rig)
      await client.sendCommand(['REPLICAOF', 'NO', 'ONE'])
      await expectRecovery(rig)
    }, 120_000)

    test('REL-39 a process of Redis that stands still', async () => {
      const own = await ownServer()
      const rig = await rigFor(kind, own)
      own.process.kill('SIGSTOP')
      expect((await rig.browser.visit('/')).status).toBe(503)
      await expectNoStoreForStrangers(rig)
      own.process.kill('SIGCONT')
      await expectRecovery(rig)
    }, 90_000)
  })
})
