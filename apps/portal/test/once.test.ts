import { frozenClock, memoryStore } from 'pierhead/testing'
import { describe, expect, it } from 'vitest'
import { createOnce, type Once, type Piece } from '../src/sharing/once.ts'
import { sessionSecret } from './support/setting.ts'

const secrets = [sessionSecret]

/** Two processes, as far as they know of each other. */
function twoProcesses() {
  const clock = frozenClock()
  const store = memoryStore({ now: clock.now })
  const [one, other] = [createOnce({ clock, secrets, store }), createOnce({ clock, secrets, store })]
  return { clock, store, one, other }
}

const piece = (work: () => Promise<string>): Piece<string> => ({
  work,
  toText: (text) => (text === '' ? undefined : text),
  fromText: (text) => text,
})
const make = (once: Once, text: string) =>
  once(
    'key',
    piece(async () => text),
  )

describe('work that is done once', () => {
  it('is told to whoever asks for the same within moments, and done again after that', async () => {
    const { clock, one, other } = twoProcesses()
    expect(await make(one, 'first')).toBe('first')
    expect(await make(other, 'second')).toBe('first')
    expect(
      await other(
        'other key',
        piece(async () => 'third'),
      ),
    ).toBe('third')
    await clock.advance(20_001)
    expect(await make(other, 'fourth')).toBe('fourth')
  })

  it('is tried by the next when it failed, or made nothing', async () => {
    const { one, other } = twoProcesses()
    const failing = piece(async () => Promise.reject(new Error('Globus is away.')))
    await expect(one('key', failing)).rejects.toThrow('Globus is away.')
    expect(await make(other, '')).toBe('')
    expect(await make(one, 'made')).toBe('made')
  })

  it('is not waited for without end, and taken over from a process that is gone', async () => {
    const { clock, one, other } = twoProcesses()
    const gone = Promise.withResolvers<string>()
    const first = one(
      'key',
      piece(() => gone.promise),
    )
    const second = make(other, 'second')
    await clock.advance(0)
    await clock.advance(31_000)
    expect(await second).toBeUndefined()
    await clock.advance(90_000)
    expect(await make(other, 'third')).toBe('third')
    gone.resolve('too late')
    expect(await first).toBe('too late')
    expect(await make(one, 'fourth')).toBe('third')
  })

  it('leaves nothing in the store that can be read', async () => {
    const { store, one } = twoProcesses()
    const seen: unknown[] = []
    const watching = createOnce({
      clock: frozenClock(),
      secrets,
      store: {
        ...store,
        create: (...entry) => store.create(...(seen.push(entry), entry)),
        replace: (...entry) => store.replace(...(seen.push(entry), entry)),
      },
    })
    expect(
      await watching(
        'Maya /secret/',
        piece(async () => 'made of it'),
      ),
    ).toBe('made of it')
    expect(seen).toHaveLength(2)
    expect(JSON.stringify(seen)).not.toMatch(/Maya|secret|made of it/)
    expect(await make(one, 'else')).toBe('else')
  })
})
