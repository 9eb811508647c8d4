import { describe, expect, it } from 'vitest'
import { endRecord, listSessions, sweepSessions, type ListedSession } from '../../src/lib/session/session-census.ts'
import { having } from '../matchers.ts'
import { content, idle, kinds, setData } from '../support/keepers.ts'

async function rigWithThree() {
  const rig = kinds.stored()
  const first = await rig.begin({ browser: 'Laptop' })
  const second = await rig.begin({ browser: 'Phone' })
  await rig.begin({ subject: 'someone-else' })
  const options = { store: rig.store, sealers: rig.sealers, now: rig.clock.now }
  const list = async (): Promise<ListedSession[]> => {
    const listed: ListedSession[] = []
    for await (const each of listSessions(options, 'hashed-subject')) listed.push(each)
    return listed
  }
  return { ...rig, first, second, options, list }
}

describe('the sessions of a person', () => {
  it('SEC-50 are listed with what their owner may see, and nobody else is', async () => {
    const { list, first, second, clock } = await rigWithThree()
    const listed = await list()
    expect(listed.map(({ sid, browser, times }) => ({ sid, browser, times }))).toEqual([
      { sid: first.held.sid, browser: 'Laptop', times: having({ created: clock.now() }) },
      { sid: second.held.sid, browser: 'Phone', times: having({ seen: clock.now() }) },
    ])
  })

  it('C18 SEC-50 end from elsewhere, and hand over their live tokens once', async () => {
    const { list, first, second, keeper } = await rigWithThree()
    const [laptop] = await list()
    const again = await list()
    expect(await laptop?.end()).toEqual(content.tokens)
    expect(await again[0]?.end()).toBeUndefined()
    expect(await keeper.open(first.jar)).toBeUndefined()
    expect(await keeper.open(second.jar)).toBeDefined()
    expect(await list()).toHaveLength(1)
  })

  it('hand over the newest tokens, although they were listed before', async () => {
    const { list, first, keeper } = await rigWithThree()
    const [laptop] = await list()
    const tokens = { server: { accessToken: 'newer' } }
    await (await keeper.open(first.jar))?.update((view) => ({ content: { ...view.content, tokens } }))
    expect(await laptop?.end()).toEqual(tokens)
  })

  it('cannot be written by a request that was under way', async () => {
    const { list, first, keeper } = await rigWithThree()
    const held = await keeper.open(first.jar)
    await (await list())[0]?.end()
    expect(await held?.update(setData(1))).toBe('ended')
    expect(await held?.end()).toBeUndefined()
  })

  it('leave out records that do not open', async () => {
    const { list, store } = await rigWithThree()
    await store.create('junk', 'not a record', { subject: 'hashed-subject', expiresAt: Number.MAX_SAFE_INTEGER })
    await store.create('ended', '0', { subject: 'hashed-subject', expiresAt: Number.MAX_SAFE_INTEGER })
    expect(await list()).toHaveLength(2)
  })
})

describe('the sweep of expired sessions', () => {
  it('hands over the tokens that died with them, once', async () => {
    const { options, clock, keeper, first } = await rigWithThree()
    expect(await sweepSessions(options, 10)).toEqual({ swept: 0, tokens: [] })
    await clock.advance(idle * 1000)
    expect(await sweepSessions(options, 2)).toEqual({ swept: 2, tokens: [content.tokens, content.tokens] })
    expect(await sweepSessions(options, 2)).toEqual({ swept: 1, tokens: [content.tokens] })
    expect(await sweepSessions(options, 2)).toEqual({ swept: 0, tokens: [] })
    expect(await keeper.open(first.jar)).toBeUndefined()
  })

  it('passes over what is not a session, such as used states', async () => {
    const { options, store, clock } = await rigWithThree()
    await store.create('state:x', 'used', { subject: '', expiresAt: clock.now() + 1 })
    await clock.advance(1)
    expect(await sweepSessions(options, 10)).toEqual({ swept: 1, tokens: [] })
  })

  it('ending a record that is gone gives nothing', async () => {
    const { options } = await rigWithThree()
    expect(await endRecord(options, 'unknown', 'text')).toBeUndefined()
  })
})
