import { createCluster, type RedisClusterType } from '@redis/client'
import { Cluster } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { capability } from '../../../../tools/lib/capability.ts'
import type { OwnServer } from '../../../../tools/lib/own-server.ts'
import { startRedis } from '../../../../tools/lib/redis-server.ts'
import { createKeys } from '../../src/lib/session/redis-keys.ts'
import { subjectTag } from '../../src/lib/session/session-store.ts'
import { redisStore } from '../../src/session-store/redis.ts'
import { describeSessionStore } from '../contract/session-store.ts'
import { collect } from '../contract/session-store-model.ts'

const slots = 16_384
const program = capability('redis')
const subjects = Array.from({ length: 3000 }, (_, index) => `subject ${index}`)

describe('the slots of a cluster', () => {
  const keys = createKeys('pierhead:')

  test('are computed as Redis computes them', () => {
    expect(slotOf('123456789')).toBe(0x31c3)
    expect(slotOf('{user1000}.following')).toBe(slotOf('user1000'))
  })

  test('hold all that belongs to one subject together, and what has no tag', () => {
    for (const subject of subjects.slice(0, 50)) {
      const ids = Array.from({ length: 5 }, (_, index) => `${subjectTag(subject)}session${index}`)
      expect(new Set(ids.map((id) => slotOf(keys.valueKey(id)))).size).toBe(1)
      const [shard = ''] = keys.shardsOfSubject(subject)
      expect(slotOf(`${shard}subject:${subject}`)).toBe(slotOf(keys.valueKey(ids[0] ?? '')))
    }
    expect(slotOf(keys.valueKey('one'))).toBe(slotOf(keys.valueKey('two')))
  })

  test('are spread over three nodes', () => {
    const nodes = keys.shardsInTurn().map((shard) => Math.floor((slotOf(shard) * 3) / slots))
    for (const node of [0, 1, 2]) expect(nodes.filter((each) => each === node).length).toBeGreaterThanOrEqual(3)
  })

  test('take about the same number of people each', () => {
    const people = new Map<string, number>()
    for (let index = 0; index < 16_000; index += 1) {
      const shard = keys.shardOf(subjectTag(`${(index * 7919).toString(36).padStart(4, '0')}-hash`))
      people.set(shard, (people.get(shard) ?? 0) + 1)
    }
    expect(people.size).toBe(16)
    for (const number of people.values()) expect(Math.abs(number - 1000)).toBeLessThan(250)
  })
})

describe.skipIf(!program.available)('a Redis Cluster of three', () => {
  const servers: OwnServer[] = []
  let nodeRedis: RedisClusterType | undefined
  let ioRedis: Cluster | undefined
  let prefixes = 0
  beforeAll(async () => {
    servers.push(...(await Promise.all([0, 1, 2].map(() => startRedis({ args: ['--cluster-enabled', 'yes'] })))))
    await joinCluster(servers.map(({ port }) => port))
    const rootNodes = servers.map(({ port }) => ({ host: '127.0.0.1', port }))
    nodeRedis = createCluster({ rootNodes: rootNodes.map((socket) => ({ socket })) })
    nodeRedis.on('error', () => undefined)
    await nodeRedis.connect()
    ioRedis = new Cluster(rootNodes)
  }, 120_000)
  afterAll(async () => {
    nodeRedis?.destroy()
    ioRedis?.disconnect()
    await Promise.all(servers.map((server) => server.stop()))
  })

  const clients = { 'node-redis': () => must(nodeRedis), ioredis: () => must(ioRedis) }
  for (const [name, client] of Object.entries(clients)) {
    describeSessionStore(`the Redis store in a cluster, through ${name}`, async () => {
      const clock = { now: 1_790_000_000_000 }
      const options = { prefix: `test${prefixes++}:`, now: () => clock.now, timeout: 30_000 }
      return { store: redisStore(client(), options), again: async () => redisStore(client(), options), clock }
    })

    test(`many people are spread over all nodes and found again, through ${name}`, async () => {
      const prefix = `test${prefixes++}:`
      let now = 1_790_000_000_000
      const store = redisStore(client(), { prefix, now: () => now, timeout: 30_000 })
      const people = subjects.slice(0, 60)
      for (const subject of people) {
        const id = `${subjectTag(subject.slice(8))}${subject}`
        expect(await store.create(id, subject, { subject: subject.slice(8), expiresAt: now + 1000 })).toBe(true)
      }
      for (const subject of people) {
        expect((await collect(store.listBySubject(subject.slice(8)))).map(({ value }) => value)).toEqual([subject])
      }
      now += 1000
      const swept = [...(await store.sweep(25)), ...(await store.sweep(25)), ...(await store.sweep(25))]
      expect(swept.map(({ value }) => value).sort()).toEqual(people.toSorted())
    })
  }
})

function must<Client>(client: Client | undefined): Client {
  if (client === undefined) throw new TypeError('The cluster is not there yet.')
  return client
}

/** What `redis-cli --cluster create` does, by the commands of the protocol. */
async function joinCluster(ports: readonly number[]): Promise<void> {
  const { Redis } = await import('ioredis')
  const nodes = ports.map((port) => new Redis(port, '127.0.0.1'))
  const bounds = [0, 5461, 10_923, slots]
  for (const [index, node] of nodes.entries()) {
    await node.cluster('ADDSLOTSRANGE', bounds[index] ?? 0, (bounds[index + 1] ?? 0) - 1)
    await node.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
  }
  for (const port of ports.slice(1)) await nodes[0]?.call('CLUSTER', 'MEET', '127.0.0.1', String(port))
  const isWhole = async (): Promise<void> => {
    const infos = await Promise.all(nodes.map((node) => node.call('CLUSTER', 'INFO')))
    for (const info of infos) expect(String(info)).toMatch(/cluster_state:ok[^]*cluster_known_nodes:3/)
  }
  await vi.waitFor(isWhole, { timeout: 60_000, interval: 200 })
  for (const node of nodes) node.disconnect()
}

/** The rule of the Redis Cluster specification: CRC-16/XMODEM of what stands in the first braces, modulo 16384. */
function slotOf(key: string): number {
  const hashed = /\{([^}]+)\}/.exec(key)?.[1] ?? key
  let crc = 0
  for (const byte of Buffer.from(hashed)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff
  }
  return crc % slots
}
