import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demo } from '@pierhead/emulator'
import { logIn, startSetting, type Setting } from './support/setting.ts'
import { linksOf } from './support/visitor.ts'

describe('the home page', () => {
  let setting: Setting
  beforeAll(async () => void (setting = await startSetting()))
  afterAll(() => setting[Symbol.asyncDispose]())

  it('S1.23 greets a stranger with title, heading and one link to log in, and nothing about anybody', async () => {
    const { body, headers, status, text } = await setting.visitor().open('/')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toMatch(/^text\/html; charset=utf-8$/i)
    expect(headers.getSetCookie()).toEqual([])
    expect(body).toContain('<title>Pierhead Data Portal</title>')
    expect(body).toMatch(/<h1>[^<]*authentication delegated to Globus/)
    expect(linksOf(body).filter(({ name }) => name === 'Login to Globus')).toEqual([
      { name: 'Login to Globus', href: '/login' },
    ])
    expect(linksOf(body).map(({ name }) => name)).not.toContain('Logout')
    expect(linksOf(body).find(({ name }) => name === 'Look at the data')?.href).toBe('/data')
    expect(text).not.toMatch(/Hello|Username|UUID|@/)
  })

  it('S1.22 S1.24 shows every line about the person who is logged in, and the link to log out', async () => {
    const maya = setting.visitor()
    await logIn(maya, 'Maya Okafor')
    expect(maya.page.url.href).toBe('http://localhost:8888/')
    expect(maya.page.text).toContain('Hello Maya Okafor!')
    const lines = [
      'Username: maya.okafor@harbour.example',
      'Email: maya.okafor@harbour.example',
      `UUID: ${demo.people.maya}`,
      'Organization: Harbour University',
      'Access token: hidden',
      'Refresh token: hidden',
      'Logout',
    ]
    const places = lines.map((line) => maya.page.text.indexOf(line))
    expect(places).not.toContain(-1)
    expect(places).toEqual(places.toSorted((left, right) => left - right))
    expect(linksOf(maya.page.body).filter(({ name }) => name === 'Logout')).toEqual([
      { name: 'Logout', href: '/logout' },
    ])
    expect(linksOf(maya.page.body).map(({ name }) => name)).not.toContain('Login to Globus')
  })

  it('S1.24 escapes what Globus says about a person', async () => {
    const zoe = setting.visitor()
    await logIn(zoe, 'Zoë <b>Núñez</b>')
    expect(zoe.page.text).toContain('Hello Zoë <b>Núñez</b>!')
    expect(zoe.page.body).toContain('Hello Zoë &lt;b&gt;Núñez&lt;/b&gt;!')
    expect(zoe.page.body).not.toContain('<b>')
  })

  it('S1.18 says of a claim that is missing that it was not given', async () => {
    const sam = setting.visitor()
    await logIn(sam, 'Sam')
    expect(sam.page.status).toBe(200)
    expect(sam.page.text).toMatch(/Hello Sam!.*Email: not given.*Organization: not given/)
  })

  it('S1.25 SEC-45 shows no character of a token, on no page of the whole path', async () => {
    const maya = setting.visitor()
    await logIn(maya, 'Maya Okafor')
    for (const path of ['/account', '/logout', '/nowhere', '/login?code=x&state=y']) await maya.open(path)
    await maya.open('/logout')
    await maya.press('Log out')
    expect(setting.tokens.size).toBeGreaterThanOrEqual(5)
    const portalAnswers = maya.seen.filter(({ url }) => url.port === '8888')
    const everything = portalAnswers.map(({ body, headers }) => body + JSON.stringify([...headers])).join('')
    for (const token of setting.tokens) expect(everything).not.toContain(token.slice(0, 8))
    expect(setting.log.length).toBeGreaterThan(5)
    for (const token of setting.tokens) expect(setting.log.join('')).not.toContain(token.slice(0, 8))
  })

  it('S1.26 S1.28 SEC-56 logs out only after a question that a form of its own answers', async () => {
    const maya = setting.visitor()
    await logIn(maya, 'Maya Okafor')
    await maya.follow('Logout')
    expect(maya.page.text).toContain('Log out of Pierhead Data Portal?')
    expect((await maya.open('/')).text).toContain('Hello Maya')
    const refused = await maya.submit('/logout', {})
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('csrf_refused')
    await maya.open('/logout')
    await maya.press('Log out')
    expect(maya.page.url.pathname).toBe('/v2/web/logout')
    expect(Object.fromEntries(maya.page.url.searchParams)).toEqual({
      client_id: demo.clients.portal,
      redirect_uri: 'http://localhost:8888/',
      redirect_name: 'Pierhead Data Portal',
    })
    expect((await maya.open('/')).text).not.toContain('Hello')
    expect((await maya.open('/logout')).text).toContain('You are logged out')
  })

  it('says which Globus is in use, and that it belongs to nobody there', async () => {
    const { text } = await setting.visitor().open('/')
    expect(text).toContain(`Globus in use: local emulator at ${new URL(setting.emulator.origin).host}`)
    expect(text).toContain('Not affiliated with Globus or the University of Chicago.')
  })
})
