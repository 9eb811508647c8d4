import { createClient } from '@redis/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { capability } from '../../../../tools/lib/capability.ts'
import type { OwnServer } from '../../../../tools/lib/own-server.ts'
import { startRedis } from '../../../../tools/lib/redis-server.ts'
import { redisStore } from '../../src/session-store/redis.ts'
import { describeSessionStore } from '../contract/session-store.ts'
import { collect } from '../contract/session-store-model.ts'
import { describeSharedStore } from '../contract/shared-session-store.ts'
import { containing } from '../matchers.ts'
import { connectStore, type ConnectedStore } from '../support/stores.ts'

const program = capability('redis')

describe.skipIf(!program.available)('the Redis store', () => {
  let server: OwnServer
  const open: ConnectedStore[] = []
  let prefixes = 0
  beforeAll(async () => {
    server = await startRedis()
  }, 60_000)
  afterAll(async () => {
    await Promise.all(open.map(({ end }) => end()))
    await server.stop()
  })

  const url = (): string => `redis://127.0.0.1:${server.port}`
  const newAddress = (): string => `${url()}#test${prefixes++}:`
  const direct = async () => createClient({ url: url() }).connect()

  for (const kind of ['node-redis', 'ioredis'] as const) {
    describeSessionStore(`through ${kind}`, async () => {
      const clock = { now: 1_790_000_000_000 }
      const address = newAddress()
      const connectAgain = async () => {
        const connected = await connectStore(kind, address, { now: () => clock.now })
        return { ...connected.store, close: connected.end }
      }
      return { store: await connectAgain(), again: connectAgain, clock }
    })
    describeSharedStore(kind, newAddress)
  }

  async function fresh(now = () => 1_790_000_000_000) {
    const address = newAddress()
    const connected = await connectStore('node-redis', address, { now })
    open.push(connected)
    const client = await direct()
    open.push({ store: connected.store, end: async () => client.destroy() })
    return { store: connected.store, client, prefix: address.split('#')[1] ?? '' }
  }

  const entry = { subject: 'ada', expiresAt: 1_790_000_001_000 }

  test('keeps an expired record half a year for a sweep, and lets it go then', async () => {
    const { store, client, prefix } = await fresh()
    await store.create('{ada}id', 'v', entry)
    const [key = ''] = await client.keys(`{${prefix}*}value:*`)
    const days = (await client.pTTL(key)) / 86_400_000
    expect(days).toBeGreaterThan(182.9)
    expect(days).toBeLessThan(183.1)
    expect(await store.replace('{ada}id', 'v', 'w', { expiresAt: entry.expiresAt + 10 * 86_400_000 })).toBe(true)
    expect((await client.pTTL(key)) / 86_400_000).toBeGreaterThan(192)
  })

  test('leaves nothing behind of what was deleted, swept or settled', async () => {
    let time = 1_790_000_000_000
    const { store, client, prefix } = await fresh(() => time)
    for (const id of ['{ada}a', '{ada}b', 'c']) await store.create(id, 'v', entry)
    await store.enqueue('job', 'v', 0)
    await store.delete('{ada}a')
    time += 5000
    expect(await store.sweep(9)).toHaveLength(2)
    await store.claim(9, 1000)
    await store.settle('job')
    expect(await client.keys(`{${prefix}*`)).toEqual([])
  })

  test('REL-36 takes a record of a newer format for absent, in every method, and leaves it to the release that wrote it', async () => {
    let time = 1_790_000_000_000
    const { store, client, prefix } = await fresh(() => time)
    await store.create('{ada}id', 'v', entry)
    const [key = ''] = await client.keys(`{${prefix}*}value:*`)
    await client.set(key, '2\nsomething else')
    expect(await store.read('{ada}id')).toBeUndefined()
    expect(await store.replace('{ada}id', 'v', 'w', entry)).toBe(false)
    expect(await collect(store.listBySubject('ada'))).toEqual([])
    time += 5000
    expect(await store.sweep(9)).toEqual([])
    expect(await client.get(key)).toBe('2\nsomething else')
    expect(await store.create('{ada}id', 'v', entry)).toBe(false)
    expect(await store.delete('{ada}id')).toBe(true)
  })

  test('hands out again what a sweep hid and did not remove', async () => {
    let time = 1_790_000_000_000
    const { store, client } = await fresh(() => time)
    await store.create('{ada}id', 'v', { subject: 'ada', expiresAt: time })
    // The answer of the first step is lost, as when a connection breaks.
    const half = redisStore(
      {
        get: (key) => client.get(key),
        eval: async () => null,
        async evalSha(sha1, options) {
          const answer = await client.evalSha(sha1, options)
          if (Array.isArray(answer) && answer.includes('{ada}id')) throw new Error('The connection broke.')
          return answer
        },
      },
      { now: () => time, prefix: `test${prefixes - 1}:` },
    )
    await expect(half.sweep(9)).rejects.toMatchObject({ code: 'store_unavailable' })
    expect(await store.sweep(9)).toEqual([])
    time += 60_000
    expect(await store.sweep(9)).toEqual([{ id: '{ada}id', value: 'v' }])
  })

  test('does not remove what a clock that is behind has in use again', async () => {
    let ahead = 1_790_000_005_000
    const { store: early, client } = await fresh(() => ahead)
    const options = { prefix: `test${prefixes - 1}:`, now: () => 1_790_000_000_000 }
    const late = redisStore(client, options)
    await late.create('{ada}id', 'v', entry)
    const racing = redisStore(
      {
        get: (key) => client.get(key),
        eval: async () => null,
        async evalSha(sha1, given) {
          const answer = await client.evalSha(sha1, given)
          if (Array.isArray(answer) && answer.includes('{ada}id') && answer.includes('v')) {
            await late.replace('{ada}id', 'v', 'extended', { expiresAt: entry.expiresAt + 60_000 })
          }
          return answer
        },
      },
      { ...options, now: () => ahead },
    )
    expect(await racing.sweep(9)).toEqual([])
    expect(await late.read('{ada}id')).toBe('extended')
    ahead += 120_000
    expect(await early.sweep(9)).toEqual([{ id: '{ada}id', value: 'extended' }])
  })

  test('REL-40 works on after the server forgot its scripts', async () => {
    const { store, client } = await fresh()
    await store.create('a', 'v', entry)
    await client.scriptFlush()
    expect(await store.create('b', 'v', entry)).toBe(true)
  })

  test('two applications on one server keep apart by their prefixes', async () => {
    const [first, second] = [await fresh(), await fresh()]
    await first.store.create('id', 'first', entry)
    expect(await second.store.create('id', 'second', entry)).toBe(true)
    expect(await collect(second.store.listBySubject('ada'))).toEqual([{ id: 'id', value: 'second' }])
  })

  test('REL-41 an error of the server arrives as store_unavailable, with the cause', async () => {
    const { store, client, prefix } = await fresh()
    await store.create('{ada}id', 'v', entry)
    const [key = ''] = await client.keys(`{${prefix}*}expiry`)
    await client.set(key, 'not a sorted set')
    await expect(store.create('{ada}other', 'v', entry)).rejects.toMatchObject({
      name: 'LoginError',
      code: 'store_unavailable',
      message: containing('WRONGTYPE'),
    })
  })
})

describe('redisStore refuses', () => {
  const client = { get: async () => null, eval: async () => null, evalSha: async () => null }

  test('what is no client', () => {
    const { evalSha: _, ...neither } = client
    // What a caller without types could pass.
    expect(() => redisStore(neither as never)).toThrow(/node-redis or ioredis/)
  })

  test.each([{ prefix: 'a{b}' }, { prefix: 'a b' }, { timeout: 0 }, { timeout: Infinity }])(
    'the options %o',
    (options) => {
      expect(() => redisStore(client, options)).toThrow(TypeError)
    },
  )
})
