import { describe, expect, it } from 'vitest'
import { absolute, content, dataOf, idle, kinds, receive, setData } from '../support/keepers.ts'

for (const [kind, createRig] of Object.entries(kinds)) {
  describe(`a session of the kind ${kind}`, () => {
    it('opens with what it was made with', async () => {
      const { keeper, begin, clock } = createRig()
      const { held, jar } = await begin()
      const opened = await keeper.open(jar)
      expect(opened?.view.content).toEqual(content)
      expect([opened?.sid, opened?.subject]).toEqual([held.sid, 'hashed-subject'])
      expect(opened?.times).toMatchObject({ created: clock.now(), seen: clock.now() })
    })

    it('opens in another process that has the same secrets and store', async () => {
      const { again, begin } = createRig()
      const { jar } = await begin()
      expect((await again().open(jar))?.view.content).toEqual(content)
    })

    it('does not exist without cookies, and says nothing about it', async () => {
      const { keeper, notices } = createRig()
      expect(await keeper.open(new Map([['other', 'x']]))).toBeUndefined()
      expect(notices).toEqual([])
    })

    it('SEC-37 does not open with a changed, foreign or exchanged cookie, and never throws', async () => {
      const { keeper, begin } = createRig()
      const { jar } = await begin()
      for (const [name, value] of jar) {
        for (const bad of [
          '',
          'x',
          value.slice(1),
          `${value}x`,
          value.replace(/.$/, '_'),
          value.slice(0, -9),
          '1'.repeat(4000),
        ]) {
          if (bad === value) continue
          expect([name, bad, await keeper.open(new Map(jar).set(name, bad))]).toEqual([name, bad, undefined])
        }
        expect(
          await keeper.open(
            new Map([...jar.keys()].map((each) => [each, value === jar.get(each) ? `1${value}` : value])),
          ),
        ).toBeUndefined()
      }
    })

    it.each([
      ['idle', (idle - 1) * 1000, true],
      ['idle', idle * 1000, false],
    ])('SEC-38 SEC-51 ends after %s time: at %i ms it is there: %s', async (_limit, after, lives) => {
      const { keeper, begin, clock, notices } = createRig()
      const { jar } = await begin()
      await clock.advance(after)
      expect((await keeper.open(jar)) !== undefined).toBe(lives)
      expect(notices).toEqual(!lives && kind === 'cookie' ? ['expired'] : [])
    })

    it('SEC-51 a limit that was lowered holds for sessions that exist', async () => {
      const { keeper, begin, clock } = createRig()
      const { jar } = await begin({ ends: clock.now() + 10 * absolute * 1000 })
      for (let used = 0; used < absolute; used += 600) {
        await clock.advance(600_000)
        receive(jar, (await keeper.open(jar))?.takeCookies() ?? [])
      }
      expect(await keeper.open(jar)).toBeUndefined()
    })

    it('SEC-38 SEC-51 ends at its absolute time, however much it is used', async () => {
      const { keeper, begin, clock } = createRig()
      const { jar } = await begin()
      for (let used = 0; used < absolute - 600; used += 600) {
        await clock.advance(600_000)
        const held = await keeper.open(jar)
        expect([used, held !== undefined]).toEqual([used, true])
        receive(jar, held?.takeCookies() ?? [])
      }
      await clock.advance(599_000)
      expect(await keeper.open(jar)).toBeDefined()
      await clock.advance(1000)
      expect(await keeper.open(jar)).toBeUndefined()
    })

    it('ends where the login said that it ends', async () => {
      const { keeper, begin, clock } = createRig()
      const { jar, held } = await begin({ ends: clock.now() + 600_000 })
      expect(held.takeCookies()).toEqual([])
      await clock.advance(599_000)
      expect(await keeper.open(jar)).toBeDefined()
      await clock.advance(1000)
      expect(await keeper.open(jar)).toBeUndefined()
    })

    it('is not of the future, beyond a minute of difference between clocks', async () => {
      const { keeper, begin, clock } = createRig()
      const { jar } = await begin()
      clock.setWall(clock.now() - 59_000)
      expect(await keeper.open(jar)).toBeDefined()
      clock.setWall(clock.now() - 2000)
      expect(await keeper.open(jar)).toBeUndefined()
    })

    it('cookies live until the absolute end, and are given out once', async () => {
      const { keeper, clock, begin } = createRig()
      const entry = { subject: 's', ends: clock.now() + absolute * 1000, browser: '' }
      const held = await keeper.create(content, entry, new Map())
      expect(new Set(held.takeCookies().map((cookie) => cookie.maxAge))).toEqual(new Set([absolute]))
      expect(held.takeCookies()).toEqual([])
      const { jar } = await begin()
      expect((await keeper.open(jar))?.takeCookies()).toEqual([])
    })

    it('keeps a change for the next request', async () => {
      const { keeper, begin } = createRig()
      const { jar } = await begin()
      const held = await keeper.open(jar)
      expect(await held?.update(setData({ deep: [1, 'é'] }))).toBe('done')
      expect(dataOf(held)).toEqual({ deep: [1, 'é'] })
      receive(jar, held?.takeCookies() ?? [])
      expect(dataOf(await keeper.open(jar))).toEqual({ deep: [1, 'é'] })
    })

    it('writes nothing when a change has nothing to change', async () => {
      const { keeper, begin } = createRig()
      const { jar } = await begin()
      const held = await keeper.open(jar)
      expect(await held?.update(() => undefined)).toBe('unchanged')
      expect(held?.takeCookies()).toEqual([])
    })

    it('SEC-79 is gone at once when it was ended, for every holder', async () => {
      const { keeper, begin } = createRig()
      const { jar } = await begin()
      const [first, second] = [await keeper.open(jar), await keeper.open(jar)]
      expect(await first?.end()).toEqual(content)
      expect(await second?.reread()).toBe(false)
      expect(await keeper.open(jar)).toBeUndefined()
      expect(first?.takeCookies()).toEqual([])
    })

    it('C07 SEC-83 CVE-2021-41247 never comes back by a change that was under way', async () => {
      const { keeper, begin } = createRig()
      const { jar } = await begin()
      const [first, second] = [await keeper.open(jar), await keeper.open(jar)]
      await second?.update(setData(1))
      await first?.end()
      expect(await second?.update(setData(2))).toBe('ended')
      expect(second?.takeCookies()).toEqual([])
      expect(await keeper.open(jar)).toBeUndefined()
    })

    it('gives its last content to exactly one of many who end it', async () => {
      const { keeper, begin } = createRig()
      const { jar } = await begin()
      const holders = await Promise.all(Array.from({ length: 30 }, () => keeper.open(jar)))
      const given = await Promise.all(holders.map(async (held) => held?.end()))
      expect(given.filter((each) => each !== undefined)).toEqual([content])
    })

    it('C24 SEC-41 opens after a change of secrets while the old one is listed, and is noticed after', async () => {
      const { again, begin, notices } = createRig()
      const { jar } = await begin()
      const next = 'next-secret-next-secret-next-secret-next'
      const old = 'first-secret-first-secret-first-secret'
      const held = await again({ secrets: [next, old] }).open(jar)
      expect(held?.view.content).toEqual(content)
      await held?.update(setData(5))
      receive(jar, held?.takeCookies() ?? [])
      expect(dataOf(await again({ secrets: [next, old] }).open(jar))).toBe(5)
      notices.length = 0
      expect(await again({ secrets: ['last-secret-last-secret-last-secret-last'] }).open(jar)).toBeUndefined()
      expect(notices).toEqual(['unknown_key'])
    })

    it('SEC-49 is never served to another cookie, with or without memory', async () => {
      for (const rememberBytes of [0, 1_000_000]) {
        const { keeper, begin } = createRig({ rememberBytes })
        const people = await Promise.all(
          Array.from({ length: 10 }, (_, index) =>
            begin({ subject: `s${index}` }, { ...content, identity: { data: index } }),
          ),
        )
        for (let round = 0; round < 3; round += 1) {
          for (const [index, { jar }] of people.entries()) expect(dataOf(await keeper.open(jar))).toBe(index)
        }
      }
    })

    it('is not served from memory after it expired or ended', async () => {
      const { keeper, begin, clock } = createRig()
      const [first, second] = [await begin(), await begin()]
      await keeper.open(first.jar)
      await (await keeper.open(second.jar))?.end()
      expect(await keeper.open(second.jar)).toBeUndefined()
      await clock.advance(idle * 1000)
      expect(await keeper.open(first.jar)).toBeUndefined()
    })

    it('deletes every cookie that the browser sent, and no others', async () => {
      const { keeper, begin } = createRig()
      const { jar } = await begin()
      const dropped = keeper.clear(new Map([...jar, ['other', 'x']]))
      expect(dropped.map((cookie) => cookie.name).toSorted()).toEqual([...jar.keys()].toSorted())
      expect(dropped.every((cookie) => cookie.maxAge === 0 && cookie.value === '')).toBe(true)
      expect(keeper.clear(new Map())).toEqual([])
    })

    it('SEC-34 has an id that nobody guesses and nobody shares', async () => {
      const { begin } = createRig()
      const sids = await Promise.all(Array.from({ length: 200 }, async () => (await begin()).held.sid))
      expect(new Set(sids).size).toBe(200)
      for (const sid of sids) expect(sid).toMatch(/^[\w-]{16,}$/)
    })

    it('REL-31 notes that it was seen once a minute, not at every request', async () => {
      const { keeper, begin, clock } = createRig()
      const { jar } = await begin()
      const start = clock.now()
      await clock.advance(59_000)
      const early = await keeper.open(jar)
      expect([early?.times.seen, early?.takeCookies()]).toEqual([start, []])
      await clock.advance(1000)
      const touched = await keeper.open(jar)
      expect(touched?.times.seen).toBe(start + 60_000)
      receive(jar, touched?.takeCookies() ?? [])
      await clock.advance((idle - 1) * 1000)
      expect(await keeper.open(jar)).toBeDefined()
    })
  })
}
