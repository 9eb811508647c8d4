import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demo } from '@pierhead/emulator'
import { logIn, startSetting, type Setting } from './support/setting.ts'
import { attribute, type Visitor } from './support/visitor.ts'

const safari = {
  'user-agent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/19.1 Safari/605.1.15',
}
const firefox = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:152.0) Gecko/20100101 Firefox/152.0' }

function hiddenField(visitor: Visitor, name: string): string {
  const tags = [...visitor.page.body.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag)
  const tag = tags.find((one) => attribute(one, 'name') === name)
  return attribute(tag ?? '', 'value') ?? ''
}

/** Those of the tokens that Globus would still accept. */
async function liveTokens({ emulator, environment }: Setting, tokens: readonly string[]): Promise<string[]> {
  const { GLOBUS_CLIENT_ID: id, GLOBUS_CLIENT_SECRET: secret } = environment
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
  const live: string[] = []
  for (const token of tokens) {
    const body = new URLSearchParams({ token })
    const url = `${emulator.origin}/v2/oauth2/token/introspect`
    const response = await fetch(url, { method: 'POST', headers: { authorization }, body })
    if (/"active":\s*true/.test(await response.text())) live.push(token)
  }
  return live
}

describe('the account page', () => {
  let setting: Setting
  beforeAll(async () => void (setting = await startSetting()))
  afterAll(() => setting[Symbol.asyncDispose]())

  const arrive = async (name: string, headers?: Record<string, string>): Promise<Visitor> => {
    const visitor = setting.visitor(headers)
    await logIn(visitor, name)
    await visitor.open('/account')
    return visitor
  }

  it('sends a stranger to log in and back to it', async () => {
    const visitor = setting.visitor()
    expect((await visitor.open('/account')).url.pathname).toBe('/p/login')
    await visitor.press('Maya Okafor')
    if (visitor.page.url.pathname === '/p/consent') await visitor.press('Allow')
    expect(visitor.page.url.href).toBe('http://localhost:8888/account')
  })

  it('answers a script that is not logged in with the address to log in', async () => {
    const response = await setting.portal.app.request('/account', { headers: { accept: 'application/json' } })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ code: 'login_required', login_url: '/login?return_to=%2Faccount' })
  })

  it('S1.22 shows identity, linked identities and the tokens by resource server', async () => {
    const { text } = (await arrive('Maya Okafor')).page
    expect(text).toContain(`UUID: ${demo.people.maya}`)
    expect(text).toContain('Identity provider: Harbour University')
    expect(text).toContain(`0000-0000-0042-0010@orcid.org From ORCID, not used here yet UUID ${demo.people.mayaOrcid}`)
    expect(text).toContain('Resource server: auth.globus.org')
    expect(text).toContain('Scopes: urn:globus:auth:scope:transfer.api.globus.org:all')
    expect(text).toMatch(/Access token: hidden; 1 day and 23 hours left, until \d+ \w+ \d{4}, \d\d:\d\d UTC/)
    expect(text).toContain('Renewal: renewed by itself')
  })

  it('SEC-50 lists every browser of the person, marks this one and logs another out', async () => {
    const here = await arrive('Zoë <b>Núñez</b>', firefox)
    const there = await arrive('Zoë <b>Núñez</b>', safari)
    await here.open('/account')
    expect(here.page.text).toMatch(/Firefox 152 on Linux this browser .* Safari 19 on macOS Since/)
    await here.submit('/account/sessions/end', {
      csrf_token: hiddenField(here, 'csrf_token'),
      session: hiddenField(here, 'session'),
    })
    expect(here.page.url.href).toMatch(/\/account\?done=session-ended#sessions$/)
    expect(here.page.text).toContain('That browser is logged out.')
    expect(here.page.text).not.toContain('Safari')
    expect((await there.open('/')).text).not.toContain('Hello')
    expect((await here.open('/')).text).toContain('Hello Zoë')
  })

  it("never logs out somebody else's browser", async () => {
    const sam = await arrive('Sam')
    const samAgain = await arrive('Sam')
    const ofSam = hiddenField(samAgain, 'session')
    const ingrid = await arrive('Ingrid Solheim')
    await ingrid.submit('/account/sessions/end', { csrf_token: hiddenField(ingrid, 'csrf_token'), session: ofSam })
    expect(ingrid.page.text).toContain('That browser was logged out already.')
    expect((await sam.open('/')).text).toContain('Hello Sam!')
    expect((await samAgain.open('/')).text).toContain('Hello Sam!')
  })

  it('SEC-50 logs the person out everywhere, revokes every token and ends the login at Globus', async () => {
    const earlier = new Set(setting.tokens)
    const here = await arrive('Ingrid Solheim', firefox)
    const there = await arrive('Ingrid Solheim', safari)
    await here.open('/account')
    const own = [...setting.tokens].filter((token) => !earlier.has(token))
    // For each browser an access and a refresh token of two resource servers.
    expect(await liveTokens(setting, own)).toHaveLength(8)
    await here.press('Log out everywhere')
    expect(here.page.url.pathname).toBe('/v2/web/logout')
    expect((await here.open('/')).text).not.toContain('Hello')
    expect((await there.open('/')).text).not.toContain('Hello')
    expect(setting.log.filter((line) => line.includes('"session_ended"')).length).toBeGreaterThanOrEqual(2)
    expect(await liveTokens(setting, own)).toEqual([])
  })

  it('renews a token when asked, and says so when it is new enough', async () => {
    const maya = await arrive('Maya Okafor')
    const earlier = new Set(setting.tokens)
    await maya.press('Renew now the token for Globus Transfer')
    expect(maya.page.text).toContain('The access token was renewed')
    expect([...setting.tokens].filter((token) => !earlier.has(token)).length).toBeGreaterThan(0)
    const after = setting.tokens.size
    await maya.press('Renew now the token for Globus Transfer')
    expect(maya.page.text).toContain('The access token was not renewed')
    expect(setting.tokens.size).toBe(after)
  })

  it('gives back the tokens of one service: they die, the session goes on, and the next page asks for new ones', async () => {
    const earlier = new Set(setting.tokens)
    const maya = await arrive('Maya Okafor')
    const own = [...setting.tokens].filter((token) => !earlier.has(token))
    expect(await liveTokens(setting, own)).toHaveLength(4)
    await maya.press('Give back the token for Globus Transfer')
    expect(maya.page.text).toContain('The tokens were given back')
    expect(maya.page.text).not.toContain('transfer.api.globus.org')
    expect(await liveTokens(setting, own)).toHaveLength(2)
    expect((await maya.open('/')).text).toContain('Hello Maya')
    expect((await maya.open('/collections')).text).toContain('Mine')
    expect((await maya.open('/account')).text).toContain('transfer.api.globus.org')
  })

  it('keeps the token that came with the identity, and leads to consents and identities at Globus', async () => {
    const maya = await arrive('Maya Okafor')
    const fields = { csrf_token: hiddenField(maya, 'csrf_token'), resource_server: 'auth.globus.org' }
    expect((await maya.submit('/account/tokens/give-back', fields)).status).toBe(400)
    const { body } = await maya.open('/account')
    for (const page of ['consents', 'identities']) expect(body).toContain(`${setting.emulator.origin}/v2/web/${page}"`)
    expect(body).not.toContain('Give back<span class="for"> the token for Globus Auth')
  })

  it('S1.28 SEC-52 refuses every form without the token of the session, and changes nothing', async () => {
    const maya = await arrive('Maya Okafor')
    const foreign = hiddenField(await arrive('Sam'), 'csrf_token')
    const tokens = ['reveal', 'renew', 'give-back'].map((act) => `/account/tokens/${act}`)
    const paths = ['/account/sessions/end', '/account/sessions/end-all', ...tokens, '/logout']
    for (const path of paths) {
      for (const fields of [{}, { csrf_token: 'x' }, { csrf_token: foreign }]) {
        const refused = await maya.submit(path, fields)
        expect([path, refused.status]).toEqual([path, 403])
        expect(refused.text).toContain('csrf_refused')
      }
    }
    expect((await maya.open('/')).text).toContain('Hello Maya')
  })

  it('SEC-53 refuses a form with a good token that comes from another port of this machine', async () => {
    const maya = await arrive('Maya Okafor')
    const fields = { csrf_token: hiddenField(maya, 'csrf_token') }
    const refused = await maya.send('/account/sessions/end-all', {
      method: 'POST',
      headers: { origin: 'http://localhost:9999', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    })
    expect(refused.status).toBe(403)
    expect((await maya.open('/')).text).toContain('Hello Maya')
  })
})

describe('revealing a token', () => {
  const open = async (environment: Record<string, string>): Promise<[Setting, Visitor]> => {
    const setting = await startSetting({ environment })
    const visitor = setting.visitor()
    await logIn(visitor, 'Maya Okafor')
    await visitor.open('/account')
    return [setting, visitor]
  }

  it('S1.25 shows the access token of one resource server, once, on a page that nothing stores', async () => {
    const [setting, visitor] = await open({ PORTAL_REVEAL_TOKENS: '1' })
    await using _ = setting
    await visitor.press('Reveal the access token for Globus Transfer')
    expect(visitor.page.status).toBe(200)
    expect(visitor.page.headers.get('cache-control')).toContain('no-store')
    const shown = [...setting.tokens].filter((token) => visitor.page.body.includes(token))
    expect(shown).toHaveLength(1)
    expect(setting.log.some((line) => line.includes('A token was revealed.'))).toBe(true)
    expect(setting.log.join('')).not.toContain(shown[0])
  })

  it('S1.25 offers no button and refuses the form where the start option is missing', async () => {
    const [setting, visitor] = await open({})
    await using _ = setting
    expect(visitor.page.text).not.toContain('Reveal')
    const fields = { csrf_token: hiddenField(visitor, 'csrf_token'), resource_server: 'auth.globus.org' }
    const refused = await visitor.submit('/account/tokens/reveal', fields)
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('reveal_disabled')
    for (const token of setting.tokens) expect(refused.body).not.toContain(token)
  })

  it('answers for a resource server that the session has no token of', async () => {
    const [setting, visitor] = await open({ PORTAL_REVEAL_TOKENS: '1' })
    await using _ = setting
    for (const resource_server of ['groups.api.globus.org', '__proto__', '']) {
      await visitor.open('/account')
      const fields = { csrf_token: hiddenField(visitor, 'csrf_token'), resource_server }
      const refused = await visitor.submit('/account/tokens/reveal', fields)
      expect([refused.status, refused.text.includes('unknown_resource_server')]).toEqual([400, true])
    }
  })
})
