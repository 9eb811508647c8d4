import { describe, expect, it } from 'vitest'
import { createRig, start } from '../support/rig.ts'
import { nextSiteBelow } from './next-site.ts'

describe('a site of Next.js below a path', () => {
  it('logs in and out below that path', async () => {
    const options = { redirectUri: 'http://localhost:5000/portal/login', basePath: '/portal' }
    const rig = await createRig({ mount: nextSiteBelow, options })
    const page = await rig.browser.visit('/portal/pages/private?x=1')
    const login = '/portal/login?return_to=%2Fportal%2Fpages%2Fprivate%3Fx%3D1'
    expect([page.status, page.headers.get('location')]).toEqual([307, login])
    const script = await rig.browser.visit('/portal/api/consent', { fetch: true })
    expect(JSON.parse(script.body)).toMatchObject({ login_url: '/portal/login?return_to=%2Fportal%2Fapi%2Fconsent' })
    const callback = rig.provider.approve(await start(rig.browser, login))
    expect((await rig.browser.visit(callback)).headers.get('location')).toBe('/portal/pages/private?x=1')
    expect((await rig.browser.visit('/portal/pages/private?x=1')).body).toContain('secret of <!-- -->Ada Tester')
    const asked = await rig.browser.visit('/portal/pages/consent')
    expect(asked.headers.get('location')).toMatch(/^\/portal\/login\?return_to=%2Fportal%2Fpages%2Fconsent&request=/)
    const confirm = await rig.browser.visit('/portal/logout')
    const token = /name="csrf_token" value="([^"]+)"/.exec(confirm.body)?.[1] ?? ''
    const done = await rig.browser.visit('/portal/logout', { method: 'POST', form: { csrf_token: token } })
    expect([done.status, rig.browser.cookies.size]).toEqual([303, 0])
  })
})
