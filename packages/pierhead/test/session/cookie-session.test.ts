import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isPierheadError } from '../../src/index.ts'
import type { SessionContent } from '../../src/lib/session/session-keeper.ts'
import { content, dataOf, kinds, policy, receive, setData } from '../support/keepers.ts'

const createRig = kinds.cookie
const tokensName = `${policy.session}-tokens`

const sized = (identity: number, tokens: number): SessionContent => ({
  identity: { data: 'i'.repeat(identity) },
  tokens: { server: 't'.repeat(tokens) },
})

describe('a cookie session', () => {
  it('S2.14 S1.17 shows the browser neither tokens nor names', async () => {
    const { begin } = createRig()
    const { jar } = await begin()
    for (const part of [...jar.values()].join('.').split('.')) {
      expect(part + Buffer.from(part, 'base64url').toString('latin1')).not.toContain('CANARY')
    }
  })

  it('opens only when both values are of one session', async () => {
    const { keeper, begin, notices } = createRig()
    const [first, second] = [await begin(), await begin()]
    const mixed = new Map(first.jar).set(tokensName, second.jar.get(tokensName) ?? '')
    expect(await keeper.open(mixed)).toBeUndefined()
    expect(notices).toEqual(['mismatch'])
    expect(await keeper.open(new Map([...first.jar].slice(0, 1)))).toBeUndefined()
    expect(await keeper.open(new Map([...first.jar].slice(1)))).toBeUndefined()
  })

  it('opens only when both values are of one write', async () => {
    const { keeper, begin, notices } = createRig()
    const { jar } = await begin()
    const before = new Map(jar)
    const held = await keeper.open(jar)
    await held?.update(setData(1))
    receive(jar, held?.takeCookies() ?? [])
    expect(await keeper.open(new Map(jar).set(tokensName, before.get(tokensName) ?? ''))).toBeUndefined()
    expect(await keeper.open(new Map(before).set(tokensName, jar.get(tokensName) ?? ''))).toBeUndefined()
    expect(notices).toEqual(['mismatch', 'mismatch'])
  })

  it('SEC-09 does not take one value in the place of the other', async () => {
    const { keeper, begin } = createRig()
    const { jar } = await begin()
    const [identity = '', tokens = ''] = [jar.get(policy.session), jar.get(tokensName)]
    const swapped = new Map([
      [policy.session, tokens],
      [tokensName, identity],
    ])
    expect(await keeper.open(swapped)).toBeUndefined()
    expect(
      await keeper.open(
        new Map([
          [policy.session, identity],
          [tokensName, identity],
        ]),
      ),
    ).toBeUndefined()
  })

  it('C05 SEC-43 comes back whole at every size that fits, and says so when it does not', async () => {
    const { keeper, begin } = createRig()
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 4000 }),
        fc.integer({ min: 0, max: 4000 }),
        async (identity, tokens) => {
          const what = sized(identity, tokens)
          const begun = await begin({}, what).catch((error: unknown) => error)
          if (isPierheadError(begun)) return begun.code === 'session_too_large' && identity + tokens > 3900
          const { jar } = await begin({}, what)
          const bytes = [...jar].reduce((sum, [name, value]) => sum + name.length + value.length + 3, 0)
          expect([jar.size <= 3, bytes <= 6144]).toEqual([true, true])
          expect((await keeper.open(jar))?.view.content).toEqual(what)
          return true
        },
      ),
      { numRuns: 60 },
    )
  })

  it('SEC-43 drops the parts that a smaller session does not need, also across a login', async () => {
    const { keeper, begin, clock } = createRig()
    const { jar } = await begin({}, sized(3600, 10))
    expect(jar.size).toBe(3)
    const held = await keeper.open(jar)
    await held?.update(setData('small'))
    receive(jar, held?.takeCookies() ?? [])
    expect([...jar.keys()]).toEqual([policy.session, tokensName])
    expect(dataOf(await keeper.open(jar))).toBe('small')
    const large = await begin({}, sized(3600, 10))
    const next = await keeper.create(content, { subject: 's', ends: clock.now() + 1000_000, browser: '' }, large.jar)
    receive(large.jar, next.takeCookies())
    expect([...large.jar.keys()]).toEqual([policy.session, tokensName])
  })

  it('keeps what it had when a change does not fit', async () => {
    const { keeper, begin } = createRig()
    const { jar } = await begin()
    const held = await keeper.open(jar)
    await expect(held?.update(setData('x'.repeat(9000)))).rejects.toMatchObject({ code: 'session_too_large' })
    expect([dataOf(held), held?.takeCookies()]).toEqual([0, []])
  })

  it('SEC-39 an ended session is dead in the process that ended it; another process cannot know', async () => {
    const { keeper, begin, again, notices } = createRig()
    const { jar, held } = await begin()
    await held.end()
    expect(await keeper.open(jar)).toBeUndefined()
    expect(notices).toEqual(['ended'])
    expect(await again().open(jar)).toBeDefined()
  })

  it('says that nobody shares it', async () => {
    const { begin } = createRig()
    expect((await begin()).held.shared).toBe(false)
  })
})
