import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HeldSession } from '../../src/lib/session/session-keeper.ts'
import type { SessionStore } from '../../src/lib/session/session-store.ts'
import { memoryStore } from '../../src/session-store/memory.ts'
import { startOfTests } from '../support/clock.ts'
import { content, dataOf, kinds, policy, setData } from '../support/keepers.ts'

const createRig = kinds.stored

/** A store that records every call, and whose answers a test can change. */
function watchedStore(inner: SessionStore = memoryStore({ now: () => startOfTests })) {
  const calls: string[] = []
  const values: string[] = []
  const before: Partial<Record<keyof SessionStore, () => Promise<void> | void>> = {}
  const store = new Proxy(inner, {
    get(target, name: keyof SessionStore) {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      if (name === 'listBySubject') return method
      return async (...args: unknown[]) => {
        calls.push(name)
        values.push(JSON.stringify(args))
        await before[name]?.()
        const result: unknown = await Reflect.apply(method, target, args)
        return result
      }
    },
  })
  return { store, calls, values, before }
}

const add = async (held: HeldSession | undefined) =>
  held?.update((view) => setData(Number(view.content.identity['data']) + 1)(view))

describe('a stored session', () => {
  it('SEC-34 S1.17 leaves neither tokens nor names nor the cookie id in the database', async () => {
    const { store, values } = watchedStore()
    const { begin, keeper, sealers } = createRig({ store })
    const { jar, held } = await begin()
    await add(await keeper.open(jar))
    await held.end()
    const dump = values.join('\n')
    expect(dump).not.toContain('CANARY')
    const cookie = [...jar.values()].join('')
    const ticket = sealers.card.open(cookie)
    expect(ticket).toEqual({ failure: 'damaged' })
    expect(dump).not.toContain(cookie.slice(-40))
    for (const part of dump.split(/[^\w-]+/)) {
      expect(Buffer.from(part, 'base64url').toString('latin1')).not.toContain('CANARY')
    }
  })

  it('keeps a database thief out: the record opens with the key in the cookie only', async () => {
    const { begin, store, sealers } = createRig()
    await begin()
    const stolen: string[] = []
    for await (const { value } of store.listBySubject('hashed-subject')) stolen.push(value)
    const [, sealed = ''] = stolen[0]?.split('~') ?? []
    expect(sealers.content.open(sealed)).toEqual({ failure: 'damaged' })
    expect(sealers.content.open(sealed, new Uint8Array(32))).toEqual({ failure: 'damaged' })
  })

  it('C08 REL-28 applies every one of many changes at once, in one process and in two', async () => {
    const { begin, keeper, again } = createRig()
    const { jar } = await begin()
    const other = again()
    const holders = await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 2 ? keeper : other).open(jar)))
    expect(new Set(await Promise.all(holders.map(add)))).toEqual(new Set(['done']))
    expect(dataOf(await keeper.open(jar))).toBe(40)
    const [one] = holders
    await Promise.all(Array.from({ length: 20 }, () => add(one)))
    expect(dataOf(await other.open(jar))).toBe(60)
  })

  it('SEC-83 any order of changes and one end leaves no session, and no change is reported that was lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 5 }), async (scheduler, writers) => {
        const { store, before } = watchedStore()
        const rig = createRig({ store })
        const { jar } = await rig.begin()
        const holders = await Promise.all(Array.from({ length: writers + 1 }, () => rig.keeper.open(jar)))
        for (const name of ['read', 'replace', 'delete'] as const) {
          before[name] = () => scheduler.schedule(Promise.resolve(), name)
        }
        const [ender, ...rest] = holders
        const ended = ender?.end()
        const results = Promise.all(rest.map(add))
        await scheduler.waitFor(Promise.all([ended, results]))
        const done = (await results).filter((result) => result === 'done').length
        expect((await ended)?.identity['data']).toBe(done)
        for (const name of ['read', 'replace', 'delete'] as const) before[name] = () => undefined
        expect(await rig.keeper.open(jar)).toBeUndefined()
      }),
      { numRuns: 40 },
    )
  })

  it('a request that changes nothing reads once and writes nothing', async () => {
    const { store, calls } = watchedStore()
    const { begin, keeper } = createRig({ store })
    const { jar } = await begin()
    calls.length = 0
    for (let round = 0; round < 3; round += 1) (await keeper.open(jar))?.takeCookies()
    expect(calls).toEqual(['read', 'read', 'read'])
  })

  it('REL-31 notes by one write that it was seen, when a hundred requests come at once', async () => {
    const { store, calls } = watchedStore()
    const { begin, keeper, clock } = createRig({ store })
    const { jar } = await begin()
    await clock.advance(61_000)
    const opened = await Promise.all(Array.from({ length: 100 }, () => keeper.open(jar)))
    expect(opened.every((held) => held !== undefined)).toBe(true)
    expect(calls.filter((name) => name === 'replace')).toHaveLength(1)
    expect((await keeper.open(jar))?.times.seen).toBe(clock.now())
  })

  it('REL-31 notes that it was seen by one write a minute, whatever the number of requests', async () => {
    const clocked = memoryStore({ now: () => rig.clock.now() })
    const { store, calls } = watchedStore(clocked)
    const rig = createRig({ store })
    const { jar } = await rig.begin()
    await rig.clock.advance(61_000)
    calls.length = 0
    for (let round = 0; round < 5; round += 1) await rig.keeper.open(jar)
    expect(calls.filter((name) => name === 'replace')).toHaveLength(1)
  })

  it('goes on when the store reads but does not write', async () => {
    const { store, before } = watchedStore(memoryStore({ now: () => rig.clock.now() }))
    const rig = createRig({ store })
    const { jar } = await rig.begin()
    await rig.clock.advance(61_000)
    before.replace = () => Promise.reject(new Error('read-only file system'))
    expect((await rig.keeper.open(jar))?.view.content).toEqual(content)
    expect(rig.notices).toEqual(['not_touched'])
  })

  it('sees at the next request what another process wrote, although it remembers what it opened', async () => {
    const { begin, keeper, again } = createRig()
    const { jar } = await begin()
    await keeper.open(jar)
    await (await again().open(jar))?.update(setData('elsewhere'))
    expect(dataOf(await keeper.open(jar))).toBe('elsewhere')
  })

  it.each([
    ['another format', (text: string) => text.replace(/^1~/, '2~')],
    ['no format', (text: string) => text.slice(2)],
    [
      'exchanged fields',
      (text: string) =>
        text
          .split('~')
          .with(1, text.split('~')[2] ?? '')
          .join('~'),
    ],
    ['a field too few', (text: string) => text.split('~').slice(0, 3).join('~')],
    ['a changed character', (text: string) => text.replace(/.(~[^~]*~[^~]*~[^~]*)$/, '!$1')],
    ['nothing', () => ''],
  ])('SEC-37 is no session when its record has %s', async (_what, change) => {
    const inner = memoryStore({ now: () => startOfTests })
    const store: SessionStore = { ...inner, create: (id, value, entry) => inner.create(id, change(value), entry) }
    const { begin, keeper, notices } = createRig({ store })
    const { jar } = await begin()
    expect(await keeper.open(jar)).toBeUndefined()
    expect(notices).toEqual(['damaged'])
  })

  it('does not care what a stranger writes into the leases, which hold nothing secret', async () => {
    for (const leases of [
      '',
      'null',
      '[1]',
      '"x"',
      '{"a":1}',
      '{"a":{"owner":1,"counter":"x"}}',
      '{"__proto__":{"owner":"x"}}',
      '~~{',
    ]) {
      const inner = memoryStore({ now: () => startOfTests })
      const change = (text: string): string => text.split('~').slice(0, 4).concat(leases).join('~')
      const store: SessionStore = { ...inner, create: (id, value, entry) => inner.create(id, change(value), entry) }
      const { begin, keeper } = createRig({ store })
      const { jar } = await begin()
      const held = await keeper.open(jar)
      expect([leases, held?.view.content, Object.keys(held?.view.leases ?? {})]).toEqual([leases, content, []])
      expect(await add(held)).toBe('done')
    }
  })

  it('is refused when the store says that its id is taken', async () => {
    const store: SessionStore = { ...memoryStore(), create: async () => false }
    await expect(createRig({ store }).begin()).rejects.toMatchObject({ code: 'store_unavailable' })
  })

  it('gives up on a store that refuses every swap', async () => {
    const store: SessionStore = { ...memoryStore({ now: () => startOfTests }), replace: async () => false }
    const { begin, keeper } = createRig({ store })
    const { jar } = await begin()
    const held = await keeper.open(jar)
    await expect(held?.update(setData(1))).rejects.toMatchObject({ code: 'store_unavailable' })
    await expect(held?.end()).rejects.toMatchObject({ code: 'store_unavailable' })
  })

  it('cannot be opened with the record of another session, although both are authentic', async () => {
    const records = new Map<string, string>()
    const inner = memoryStore({ now: () => startOfTests })
    const store: SessionStore = {
      ...inner,
      create: (id, value, entry) => (records.set(id, value), inner.create(id, value, entry)),
      read: async () => [...records.values()].at(-1),
    }
    const { begin, keeper } = createRig({ store })
    const [first, second] = [await begin({}, { ...content, identity: { data: 1 } }), await begin()]
    expect(await keeper.open(second.jar)).toBeDefined()
    expect(await keeper.open(first.jar)).toBeUndefined()
  })

  it('has one small cookie, however much it holds', async () => {
    const { begin } = createRig()
    const { jar } = await begin({}, { ...content, identity: { data: 'x'.repeat(200_000) } })
    expect([...jar.keys()]).toEqual([policy.session])
    expect([...jar.values()].join('').length).toBeLessThan(400)
  })
})
