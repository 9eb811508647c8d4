import { describe, expect, it } from 'vitest'
import { collections, openAllowing, plant, visitAs } from './support/files.ts'
import { startSetting } from './support/setting.ts'

const { tideCrewWorkspace: crew } = collections
const listing = `/collections/${crew}/entries?path=%2F`

describe('large listings', () => {
  it('SEC-103 of one person wait for each other, are refused when too many wait, and hold up nobody else', async () => {
    const held = Promise.withResolvers<void>()
    let [isHolding, holds] = [false, 0]
    const hold = async (document: unknown, { pathname }: URL): Promise<unknown> => {
      if (isHolding && pathname.endsWith('/ls') && holds++ < 2) await held.promise
      return document
    }
    await using setting = await startSetting({ tamper: hold })
    plant(setting, crew, { 'a.txt': 'a' })
    const [maya, zoe] = [await visitAs(setting, 'Maya Okafor'), await visitAs(setting, 'Zoë <b>Núñez</b>')]
    for (const visitor of [maya, zoe]) await openAllowing(visitor, `/collections/${crew}/files`)
    const { emulator, portal } = setting
    const asked = (): number =>
      [...emulator.requestCounts].reduce((sum, [path, n]) => sum + (path.endsWith('/ls') ? n : 0), 0)
    const headers = { cookie: await maya.cookies(), accept: 'application/json' }
    const before = asked()
    isHolding = true
    const answers = Array.from({ length: 54 }, async () => portal.app.request(listing, { headers }))
    await expect.poll(asked).toBe(before + 2)
    const other = await zoe.send(listing)
    expect([other.status, other.body.includes('a.txt')]).toEqual([200, true])
    expect(asked()).toBe(before + 3)
    held.resolve()
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect([
      statuses.filter((status) => status === 200).length,
      statuses.filter((status) => status === 429).length,
    ]).toEqual([52, 2])
    // What failed or ended has made room.
    expect((await maya.send(listing)).status).toBe(200)
  })
})
