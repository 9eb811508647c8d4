import { describe, expect, it } from 'vitest'
import { createUserAgent, demo, type UserAgent } from '../../src/index.ts'
import { containing } from '../support.ts'
import { createDataRig, type DataRig } from './support.ts'

const { collections: c, people } = demo

async function withBrowser(): Promise<{ rig: DataRig; browser: UserAgent; url: string }> {
  const rig = createDataRig()
  await rig.write(c.tidalSurveyArchive, 'survey/a b.csv', 'level')
  const url = `${rig.origin(c.tidalSurveyArchive)}/survey/a%20b.csv?download`
  return { rig, browser: createUserAgent({ fetch: rig.emulator.fetch }), url }
}

/** Opens an address as a person who logs in where asked, and gives what comes in the end. */
async function open(browser: UserAgent, url: string, person: string): Promise<Response> {
  let address = url
  for (let step = 0; step < 6; step += 1) {
    const response = await browser.request(address, { headers: { accept: 'text/html' } })
    const location = response.headers.get('location')
    if (location === null) return response
    address = location.includes('/v2/oauth2/authorize')
      ? (await browser.authorize(location, { as: person })).href
      : location
  }
  throw new Error('no end')
}

describe('a plain link to a private file', () => {
  it('leads through login and back to the file', async () => {
    const { browser, url } = await withBrowser()
    const response = await open(browser, url, people.maya)
    expect([response.status, await response.text()]).toEqual([200, 'level'])
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/)
    expect((await browser.request(url)).status).toBe(200)
  })

  it('asks as the collection itself, which is how a client learns its id', async () => {
    const { rig, url } = await withBrowser()
    const response = await rig.send(url)
    const location = new URL(response.headers.get('location') ?? '')
    expect([response.status, location.origin]).toEqual([302, rig.emulator.origin])
    expect(location.searchParams.get('client_id')).toBe(c.tidalSurveyArchive)
    rig.emulator.behaviour.fileWithoutToken = 'unauthorized'
    expect((await rig.send(url)).status).toBe(401)
  })

  it('lets several files wait for one login', async () => {
    const { rig, browser, url } = await withBrowser()
    await rig.write(c.tidalSurveyArchive, 'b', 'second')
    const other = `${rig.origin(c.tidalSurveyArchive)}/b`
    const [first, second] = [await browser.request(url), await browser.request(other)]
    for (const [response, text] of [[first, 'level'] as const, [second, 'second'] as const]) {
      const back = await browser.authorize(response.headers.get('location') ?? '', { as: people.maya })
      const on = await browser.request(back)
      expect(on.status).toBe(303)
      expect(await (await browser.request(on.headers.get('location') ?? '')).text()).toBe(text)
    }
  })

  it('takes nobody else’s login', async () => {
    const { rig, browser, url } = await withBrowser()
    const stranger = createUserAgent({ fetch: rig.emulator.fetch })
    const begun = await stranger.request(url)
    const back = await stranger.authorize(begun.headers.get('location') ?? '', { as: people.sam })
    const forced = await browser.request(back)
    expect([forced.status, forced.headers.getSetCookie()]).toEqual([400, []])
    const state = back.searchParams.get('state') ?? ''
    back.searchParams.set('state', `${Buffer.from('//evil.example/').toString('base64url')}.${state.split('.')[1]}`)
    expect((await stranger.request(back)).status).toBe(400)
  })

  it('shows a page to whom the collection does not let in, and offers another login', async () => {
    const { rig, browser } = await withBrowser()
    await rig.write(c.tideCrewWorkspace, 'x', 'crew')
    const url = `${rig.origin(c.tideCrewWorkspace)}/x`
    const refused = await open(browser, url, people.sam)
    const page = await refused.text()
    expect([refused.status, page]).toEqual([403, containing('no rule allows reading /x')])
    const again = /href="([^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const other = await open(browser, new URL(again, url).href, people.zoe)
    expect(await other.text()).toBe('crew')
  })

  it('sends an old login to the hospital again, and comes back', async () => {
    const { rig, browser } = await withBrowser()
    await rig.write(c.hospitalImaging, 'scan', 'image')
    const url = `${rig.origin(c.hospitalImaging)}/scan`
    expect(await (await open(browser, url, people.ingrid)).text()).toBe('image')
    rig.emulator.world.timeShift.age('authentications', 120_000)
    const stale = await browser.request(url)
    expect(new URL(stale.headers.get('location') ?? '').searchParams.get('prompt')).toBe('login')
    expect(await (await open(browser, url, people.ingrid)).text()).toBe('image')
  })

  it('says so when the person refuses', async () => {
    const { browser, url } = await withBrowser()
    const begun = await browser.request(url)
    const back = await browser.authorize(begun.headers.get('location') ?? '', { as: people.maya, deny: true })
    expect((await browser.request(back)).status).toBe(403)
  })

  it('ends with the login: a token that was revoked opens nothing', async () => {
    const { rig, browser, url } = await withBrowser()
    await open(browser, url, people.maya)
    rig.emulator.world.tokens.revokeOwned({ client: c.tidalSurveyArchive }, rig.emulator.clock.now())
    expect((await browser.request(url)).status).toBe(302)
  })

  it('reads only: a form of another page cannot write with the cookie', async () => {
    const { rig, browser, url } = await withBrowser()
    await open(browser, url, people.maya)
    const put = await browser.request(url, { method: 'PUT', body: 'x' })
    const gone = await browser.request(url, { method: 'DELETE' })
    const post = await browser.request(url, { method: 'POST', body: 'x' })
    expect([put.status, gone.status, post.status]).toEqual([401, 401, 405])
    expect(await rig.read(c.tidalSurveyArchive, 'survey/a b.csv')).toBe('level')
  })
})

describe('pages of other origins', () => {
  it('may call with a token, and never with the cookie', async () => {
    const { rig, url } = await withBrowser()
    const origin = 'http://localhost:5173'
    const preflight = await rig.send(url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization,range',
      },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, HEAD, PUT, DELETE, OPTIONS')
    expect(preflight.headers.get('access-control-allow-headers')).toContain('range')
    const token = await rig.token(people.maya, c.tidalSurveyArchive)
    for (const init of [{ token }, {}]) {
      const { headers } = await rig.send(url, { ...init, headers: { origin } })
      expect(headers.get('access-control-allow-origin')).toBe(origin)
      expect(headers.get('access-control-allow-credentials')).toBeNull()
      expect(headers.get('access-control-expose-headers')).toContain('content-range')
    }
  })
})
