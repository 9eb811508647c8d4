import { describe, expect, it } from 'vitest'
import { createRig, logIn, type Rig, type RigOptions } from '../support/rig.ts'
import { nextSite } from './next-site.ts'

const rigged = (options: RigOptions = {}): Promise<Rig> => createRig({ mount: nextSite, ...options })

describe('a route handler of Next.js', () => {
  it('C15 tells a script by a document what its person has to do', async () => {
    const rig = await rigged()
    const anonymous = await rig.browser.visit('/api/consent?q=1', { fetch: true })
    expect([anonymous.status, JSON.parse(anonymous.body)]).toMatchObject([
      401,
      { code: 'login_required', login_url: '/login?return_to=%2Fapi%2Fconsent%3Fq%3D1' },
    ])
    await logIn(rig)
    const asked = await rig.browser.visit('/api/consent?q=1', { fetch: true })
    expect([asked.status, JSON.parse(asked.body)]).toMatchObject([
      403,
      { code: 'authorization_required', login_url: expect.stringContaining('/login?return_to=%2Fapi%2Fconsent') },
    ])
    const page = await rig.browser.visit('/api/consent?q=1')
    expect(page.status).toBe(303)
    await logIn(rig, { from: page.headers.get('location') ?? '' })
    expect((await rig.browser.visit('/api/consent', { fetch: true })).body).toBe('{"name":"Ada Tester"}')
  })

  it('keeps a form until its sender is back, and shows it to them', async () => {
    const rig = await rigged()
    await logIn(rig)
    const { body: token } = await rig.browser.visit('/csrf')
    const form = { csrf_token: token, note: 'high tide' }
    const asked = await rig.browser.visit('/api/consent', { method: 'POST', form })
    const back = await logIn(rig, { from: asked.headers.get('location') ?? '' })
    const shown = await rig.browser.visit(back.headers.get('location') ?? '')
    expect([shown.status, shown.body.includes('high tide')]).toEqual([200, true])
    expect(shown.body).toContain('action="/api/consent"')
  })

  it('without guarded leaves Next’s own redirect', async () => {
    const rig = await rigged()
    const answer = await rig.browser.visit('/api/plain')
    expect([answer.status, answer.headers.get('location')]).toEqual([307, '/login?return_to=%2Fapi%2Fplain'])
  })

  it('SEC-87 checks the token itself where proxy.ts did not run, and can still read the form', async () => {
    const rig = await rigged({ store: 'cookie' })
    await logIn(rig)
    const { body: token } = await rig.browser.visit('/csrf')
    const post = (form: Record<string, string>, headers: Record<string, string> = {}) =>
      rig.browser.visit('/open/count', { method: 'POST', form, headers })
    expect((await post({ note: 'low' })).status).toBe(403)
    expect((await post({ note: 'low', csrf_token: token }, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await post({ note: 'low' }, { 'next-action': 'f00' })).status).toBe(403)
    const done = await post({ note: 'low', csrf_token: token })
    expect([done.status, done.body]).toEqual([200, '{"visits":1,"note":"low"}'])
    expect(done.headers.get('cache-control')).toBe('private, no-store')
    expect((await post({ note: 'low', csrf_token: token })).body).toBe('{"visits":2,"note":"low"}')
  })

  it('keeps what it changed when it ends by Next’s own redirect', async () => {
    const rig = await rigged({ store: 'cookie' })
    await logIn(rig)
    const moved = await rig.browser.visit('/api/moved')
    expect([moved.status, moved.headers.get('location')]).toEqual([307, '/data'])
    expect((await rig.browser.visit('/data')).body).toBe('7')
  })
})
