import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { subjectTag, type SessionStore, type StoredValue } from '../../src/lib/session/session-store.ts'
import { checkAgainstModel, collect, commands } from './session-store-model.ts'

/** What a store needs to be put to the test. */
export interface OpenedStore {
  readonly store: SessionStore
  /** A second connection to the same data, when the store can have one. */
  readonly again?: () => Promise<SessionStore>
  /** The clock that the store reads. */
  readonly clock: { now: number }
}

/** Every sentence of the interface `SessionStore`, as tests that any implementation must pass. */
export function describeSessionStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} keeps the contract of a session store`, () => {
    let opened: OpenedStore
    let store: SessionStore
    let other: SessionStore
    let clock: { now: number }
    beforeEach(async () => {
      opened = await open()
      ;({ store, clock } = opened)
      other = (await opened.again?.()) ?? store
    })
    afterEach(async () => {
      if (other !== store) await other.close()
      await store.close()
    })

    const later = (milliseconds = 1000): { subject: string; expiresAt: number } => ({
      subject: 'ada',
      expiresAt: clock.now + milliseconds,
    })

    describe('values', () => {
      test('what was created is read, by every connection, exactly as it was', async () => {
        const values = ['', 'plain', 'ü🌍\u0000\ud7ff', 'x'.repeat(200_000), `'; DROP TABLE value; --`]
        for (const [index, value] of values.entries()) {
          expect(await store.create(`id${index}`, value, later())).toBe(true)
          expect(await store.read(`id${index}`)).toBe(value)
          expect(await other.read(`id${index}`)).toBe(value)
        }
      })

      test('what was never created is undefined', async () => {
        expect(await store.read('nobody')).toBeUndefined()
        expect(await store.replace('nobody', '', 'x', later())).toBe(false)
        expect(await store.delete('nobody')).toBe(false)
      })

      test('a taken identifier is refused and nothing changes', async () => {
        await store.create('id', 'first', later())
        expect(await other.create('id', 'second', { subject: 'eve', expiresAt: clock.now + 9999 })).toBe(false)
        expect(await store.read('id')).toBe('first')
        expect(await list(store, 'eve')).toEqual([])
        clock.now += 1000
        expect(await store.read('id')).toBeUndefined()
      })

      test('an expired value that was not swept still takes its identifier', async () => {
        await store.create('id', 'old', later())
        clock.now += 5000
        expect(await other.create('id', 'new', later())).toBe(false)
        expect(await store.sweep(1)).toEqual([{ id: 'id', value: 'old' }])
        expect(await other.create('id', 'new', later())).toBe(true)
      })

      test('a value is gone at its expiry, not a millisecond earlier', async () => {
        await store.create('id', 'v', later(1000))
        clock.now += 999
        expect(await store.read('id')).toBe('v')
        clock.now += 1
        expect(await store.read('id')).toBeUndefined()
        expect(await store.replace('id', 'v', 'w', later())).toBe(false)
        expect(await list(store, 'ada')).toEqual([])
      })

      test('identifiers are compared as they are', async () => {
        await store.create('Id', 'upper', later())
        expect(await store.read('id')).toBeUndefined()
        expect(await store.create('id', 'lower', later())).toBe(true)
        expect(await store.create('id ', 'space', later())).toBe(true)
        expect(await store.read('Id')).toBe('upper')
      })
    })

    describe('replace', () => {
      test('stores the next value and expiry iff the value still is the previous one', async () => {
        await store.create('id', 'one', later())
        expect(await other.replace('id', 'zero', 'two', later())).toBe(false)
        expect(await other.replace('id', 'ONE', 'two', later())).toBe(false)
        expect(await store.read('id')).toBe('one')
        expect(await other.replace('id', 'one', 'two', { expiresAt: clock.now + 5000 })).toBe(true)
        clock.now += 4999
        expect(await store.read('id')).toBe('two')
        clock.now += 1
        expect(await store.read('id')).toBeUndefined()
      })

      test('can bring the expiry forward', async () => {
        await store.create('id', 'one', later(5000))
        await store.replace('id', 'one', 'one', { expiresAt: clock.now + 10 })
        clock.now += 10
        expect(await store.read('id')).toBeUndefined()
      })

      test('keeps the subject', async () => {
        await store.create('id', 'one', later())
        await store.replace('id', 'one', 'two', later())
        expect(await list(other, 'ada')).toEqual([{ id: 'id', value: 'two' }])
      })

      test('SEC-83 never brings back what was deleted', async () => {
        await store.create('id', 'one', later())
        await other.delete('id')
        expect(await store.replace('id', 'one', 'two', later())).toBe(false)
        expect(await store.read('id')).toBeUndefined()
      })

      test('has one winner among many writers, round after round', async () => {
        await store.create('id', '0', later())
        for (let round = 0; round < 20; round++) {
          const attempts = Array.from({ length: 16 }, (_, writer) =>
            (writer % 2 ? other : store).replace('id', String(round), String(round + 1), later()),
          )
          expect((await Promise.all(attempts)).filter(Boolean)).toHaveLength(1)
        }
        expect(await store.read('id')).toBe('20')
      })
    })

    test('create has one winner among many callers', async () => {
      const attempts = Array.from({ length: 32 }, (_, index) =>
        (index % 2 ? other : store).create('id', `${index}`, later()),
      )
      const won = (await Promise.all(attempts)).flatMap((result, index) => (result ? [`${index}`] : []))
      expect(won).toEqual([await store.read('id')])
    })

    test('delete is true for exactly one of many callers', async () => {
      await store.create('id', 'v', later())
      const attempts = Array.from({ length: 32 }, (_, index) => (index % 2 ? other : store).delete('id'))
      expect((await Promise.all(attempts)).filter(Boolean)).toHaveLength(1)
      expect(await store.read('id')).toBeUndefined()
      expect(await store.create('id', 'again', later())).toBe(true)
    })

    describe('listBySubject', () => {
      test('finds every live value of one subject and no other', async () => {
        for (let index = 0; index < 250; index++) await store.create(`a${index}`, `${index}`, later())
        await store.create('b', 'b', { subject: 'bob', expiresAt: clock.now + 1000 })
        await store.create('old', 'old', { subject: 'ada', expiresAt: clock.now })
        const found = await list(other, 'ada')
        expect(found).toHaveLength(250)
        expect(new Set(found.map(({ id, value }) => `${id}=${value}`)).size).toBe(250)
        expect(found.every(({ id, value }) => id === `a${value}`)).toBe(true)
        expect(await list(other, 'bob')).toEqual([{ id: 'b', value: 'b' }])
        expect(await list(other, 'nobody')).toEqual([])
      })

      test('finds values whose identifiers carry the tag of their subject, and those that carry none', async () => {
        const subject = 'a subject of some length'
        for (const id of [`${subjectTag(subject)}one`, `${subjectTag(subject)}two`, 'three']) {
          await store.create(id, id, { ...later(), subject })
        }
        await store.create(`${subjectTag('ada')}four`, 'four', later())
        const found = await list(other, subject)
        expect(found.map(({ id, value }) => `${id}=${value}`).sort()).toEqual(
          ['three', '{a subjec}one', '{a subjec}two'].map((id) => `${id}=${id}`),
        )
        expect(await store.delete('{a subjec}one')).toBe(true)
        expect(await list(store, subject)).toHaveLength(2)
        clock.now += 1000
        expect(await store.sweep(9)).toHaveLength(3)
      })

      test('bears that its caller deletes what it finds', async () => {
        for (let index = 0; index < 250; index++) await store.create(`a${index}`, 'v', later())
        let deleted = 0
        for await (const { id } of store.listBySubject('ada')) if (await store.delete(id)) deleted++
        expect(deleted).toBe(250)
        expect(await list(store, 'ada')).toEqual([])
      })
    })

    describe('sweep', () => {
      test('removes at most that many, only expired ones, until none is left', async () => {
        for (let index = 0; index < 5; index++) await store.create(`old${index}`, `v${index}`, later(index))
        await store.create('new', 'v', later(9999))
        clock.now += 100
        const first = await store.sweep(2)
        expect(first).toHaveLength(2)
        const rest = await other.sweep(100)
        expect([...first, ...rest].map(({ id, value }) => `${id}${value}`).sort()).toEqual(
          [0, 1, 2, 3, 4].map((index) => `old${index}v${index}`),
        )
        expect(await store.sweep(100)).toEqual([])
        expect(await store.sweep(0)).toEqual([])
        expect(await store.delete('old0')).toBe(false)
        expect(await store.read('new')).toBe('v')
      })

      test('REL-47 hands each value to exactly one of many callers', async () => {
        for (let index = 0; index < 60; index++) await store.create(`id${index}`, 'v', later(0))
        const swept = await Promise.all(Array.from({ length: 12 }, (_, index) => (index % 2 ? other : store).sweep(7)))
        const ids = swept.flat().map(({ id }) => id)
        expect(ids).toHaveLength(60)
        expect(new Set(ids).size).toBe(60)
      })

      test('and delete share a value between them: one gets it', async () => {
        await store.create('id', 'v', later(0))
        const [swept, deleted] = await Promise.all([store.sweep(1), other.delete('id')])
        expect(swept.length + Number(deleted)).toBe(1)
      })
    })

    describe('the queue', () => {
      test('hands out a job when it is due and not before', async () => {
        await store.enqueue('job', 'work', clock.now + 10)
        expect(await store.claim(10, 1000)).toEqual([])
        clock.now += 10
        expect(await other.claim(10, 1000)).toEqual([{ id: 'job', value: 'work' }])
      })

      test('hides a claimed job for the lease, then hands it out again', async () => {
        await store.enqueue('job', 'work', clock.now)
        await store.claim(1, 1000)
        clock.now += 999
        expect(await other.claim(1, 1000)).toEqual([])
        clock.now += 1
        expect(await other.claim(1, 1000)).toEqual([{ id: 'job', value: 'work' }])
      })

      test('forgets a settled job, also while it is claimed', async () => {
        await store.enqueue('job', 'work', clock.now)
        await store.claim(1, 1000)
        await other.settle('job')
        clock.now += 5000
        expect(await store.claim(1, 1000)).toEqual([])
        await expect(store.settle('job')).resolves.toBeUndefined()
      })

      test('keeps the first job when an identifier comes again, claimed or not', async () => {
        await store.enqueue('job', 'first', clock.now)
        await other.enqueue('job', 'second', clock.now + 9999)
        expect(await store.claim(1, 1000)).toEqual([{ id: 'job', value: 'first' }])
        await store.enqueue('job', 'third', clock.now)
        expect(await store.claim(1, 1000)).toEqual([])
        clock.now += 1000
        expect(await store.claim(1, 1000)).toEqual([{ id: 'job', value: 'first' }])
        await store.settle('job')
        await store.enqueue('job', 'fourth', clock.now)
        expect(await store.claim(1, 1000)).toEqual([{ id: 'job', value: 'fourth' }])
      })

      test('hands out at most that many, the longest due first', async () => {
        for (const due of [30, 10, 20]) await store.enqueue(`due${due}`, 'v', clock.now + due)
        clock.now += 100
        expect(await store.claim(0, 1000)).toEqual([])
        expect(await store.claim(1, 1000)).toEqual([{ id: 'due10', value: 'v' }])
        expect((await other.claim(9, 1000)).map(({ id }) => id).sort()).toEqual(['due20', 'due30'])
      })

      test('gives each job to exactly one of many callers', async () => {
        for (let index = 0; index < 60; index++) await store.enqueue(`job${index}`, 'v', clock.now)
        const claims = Array.from({ length: 12 }, (_, index) => (index % 2 ? other : store).claim(7, 1000))
        const ids = (await Promise.all(claims)).flat().map(({ id }) => id)
        expect(ids).toHaveLength(60)
        expect(new Set(ids).size).toBe(60)
      })

      test('and the values know nothing of each other', async () => {
        await store.enqueue('same', 'job', clock.now)
        expect(await store.create('same', 'value', later(0))).toBe(true)
        expect(await store.sweep(9)).toEqual([{ id: 'same', value: 'value' }])
        expect(await store.claim(9, 1)).toEqual([{ id: 'same', value: 'job' }])
        expect(await list(store, 'ada')).toEqual([])
      })
    })

    test('closing twice does no harm', async () => {
      const spare = (await opened.again?.()) ?? (await open()).store
      await spare.close()
      await expect(spare.close()).resolves.toBeUndefined()
    })

    test('any order of commands gives what a plain model gives', async () => {
      const property = fc.asyncProperty(fc.array(commands, { maxLength: 60 }), async (list) => {
        const fresh = await open()
        const second = (await fresh.again?.()) ?? fresh.store
        try {
          await checkAgainstModel(list, [fresh.store, second], fresh.clock)
        } finally {
          if (second !== fresh.store) await second.close()
          await fresh.store.close()
        }
      })
      await expect(fc.assert(property, { numRuns: 60 })).resolves.toBeUndefined()
    }, 60_000)
  })
}

async function list(store: SessionStore, subject: string): Promise<StoredValue[]> {
  return collect(store.listBySubject(subject))
}
