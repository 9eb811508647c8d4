import { describe, expect, it } from 'vitest'
import { createEndedSessions } from '../../src/lib/session/ended-sessions.ts'
import { createRemembered } from '../../src/lib/session/remembered.ts'

describe('remembered values', () => {
  it('are found under exactly the text that they came from', () => {
    const remembered = createRemembered<number>(10_000)
    remembered.set('sealed', 1)
    expect([remembered.get('sealed'), remembered.get('sealeD'), remembered.get('')]).toEqual([1, undefined, undefined])
  })

  it('SEC-49 of one nonce are told apart by their whole text', () => {
    const remembered = createRemembered<number>(10_000)
    const nonce = 'n'.repeat(16)
    remembered.set(`header..${nonce}.body.tag`, 1)
    for (const other of [`header..${nonce}.body.taG`, `headeR..${nonce}.body.tag`, `header..${nonce}`]) {
      expect(remembered.get(other)).toBeUndefined()
      remembered.delete(other)
    }
    expect(remembered.get(`header..${nonce}.body.tag`)).toBe(1)
    remembered.set(`header..${nonce}.body.taG`, 2)
    expect([remembered.get(`header..${nonce}.body.tag`), remembered.get(`header..${nonce}.body.taG`)]).toEqual([
      undefined,
      2,
    ])
  })

  it('stay within their bytes, the oldest going first', () => {
    const remembered = createRemembered<number>(10_000)
    for (let index = 0; index < 1000; index += 1) {
      remembered.set(String(index).padStart(500, '.'), index)
      expect(remembered.bytes).toBeLessThanOrEqual(10_000)
    }
    expect(remembered.get('999'.padStart(500, '.'))).toBe(999)
    expect(remembered.get('900'.padStart(500, '.'))).toBeUndefined()
  })

  it('count what is kept beside the text too', () => {
    const remembered = createRemembered<string>(10_000)
    for (let index = 0; index < 20; index += 1) remembered.set(String(index), 'x'.repeat(2000), 2000)
    expect(remembered.bytes).toBeLessThanOrEqual(10_000)
    expect([...Array(20).keys()].filter((index) => remembered.get(String(index)) !== undefined)).toHaveLength(2)
  })

  it('cost nothing after they were replaced and deleted', () => {
    const remembered = createRemembered<number>(10_000)
    for (let round = 0; round < 100; round += 1) remembered.set('same', round, round)
    expect(remembered.get('same')).toBe(99)
    remembered.delete('same')
    remembered.delete('same')
    expect([remembered.bytes, remembered.get('same')]).toEqual([0, undefined])
  })

  it('are none where nothing may be remembered, or one value is too large', () => {
    const none = createRemembered<number>(0)
    none.set('a', 1)
    const small = createRemembered<number>(1000)
    small.set('b'.repeat(600), 1)
    expect([none.get('a'), small.get('b'.repeat(600)), small.bytes]).toEqual([undefined, undefined, 0])
  })
})

describe('sessions that this process ended', () => {
  it('are reported once and known from then on', () => {
    const ended = createEndedSessions(() => 0)
    expect([ended.has('a'), ended.add('a', 10), ended.add('a', 10), ended.has('a')]).toEqual([false, true, false, true])
  })

  it('are bounded: expired ones make room first, then the oldest', () => {
    const clock = { now: 0 }
    const ended = createEndedSessions(() => clock.now)
    for (let index = 0; index < 100_000; index += 1) ended.add(`s${index}`, index < 10 ? 100 : 1000)
    clock.now = 200
    ended.add('next', 1000)
    expect([ended.has('s9'), ended.has('s10'), ended.has('next')]).toEqual([false, true, true])
    for (let index = 0; index < 10; index += 1) ended.add(`more${index}`, 1000)
    expect([ended.has('s10'), ended.has('more9')]).toEqual([false, true])
  })
})
