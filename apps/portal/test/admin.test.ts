import { demo } from '@pierhead/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn, startSetting, type Setting } from './support/setting.ts'
import { attribute, type Visitor } from './support/visitor.ts'

const firefox = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:152.0) Gecko/20100101 Firefox/152.0' }
const yaml = `
site: { name: Harbour Data, contact: data@harbour.example }
admins: { identities: [ingrid.solheim@hospital.example], group: ${demo.groups.portalUsers} }
`

const csrfOf = ({ page }: Visitor): string => {
  const tags = [...page.body.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag)
  return attribute(tags.find((tag) => attribute(tag, 'name') === 'csrf_token') ?? '', 'value') ?? ''
}

describe('the pages for those who run the portal', () => {
  let setting: Setting
  beforeAll(async () => void (setting = await startSetting({ yaml })))
  afterAll(() => setting[Symbol.asyncDispose]())

  const arrive = async (name: string, headers?: Record<string, string>): Promise<Visitor> => {
    const visitor = setting.visitor(headers)
    await logIn(visitor, name)
    return visitor
  }

  it('open to an admin by name and to one by group, and tell others whom to ask', async () => {
    for (const name of ['Ingrid Solheim', 'Maya Okafor']) {
      const page = await (await arrive(name)).open('/admin')
      expect([name, page.status]).toEqual([name, 200])
    }
    const refused = await (await arrive('Sam')).open('/admin')
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('admin_required')
    expect(refused.text).toContain('data@harbour.example')
    expect((await setting.visitor().open('/admin')).url.pathname).toBe('/p/login')
  })

  it('are linked from the account of an admin only', async () => {
    expect((await (await arrive('Ingrid Solheim')).open('/account')).body).toContain('href="/admin"')
    expect((await (await arrive('Sam')).open('/account')).body).not.toContain('href="/admin"')
  })

  it('show every setting and where it came from, and no secret', async () => {
    const page = await (await arrive('Ingrid Solheim')).open('/admin')
    expect(page.text).toContain('site.name Harbour Data portal.yaml, line 2')
    expect(page.text).toContain('server.port 8888 default')
    expect(page.text).toMatch(/session\.secret hidden, 34 bytes SESSION_SECRET/)
    const { GLOBUS_CLIENT_SECRET: client = '', SESSION_SECRET: session = '' } = setting.environment
    for (const secret of [client, session, ...setting.tokens]) expect(page.body).not.toContain(secret)
  })

  it('list who is logged in, and end a session so that its tokens die', async () => {
    const zoe = await arrive('Zoë <b>Núñez</b>', firefox)
    const admin = await arrive('Ingrid Solheim')
    await admin.open('/admin')
    expect(admin.page.text).toMatch(/zoe\.nunez@harbour\.example .* Firefox 152 on Linux Since/)
    const label = 'End the session of zoe.nunez@harbour.example in Firefox 152 on Linux'
    await admin.press(label)
    expect(admin.page.text).toContain('1 session was ended, and what they held was revoked.')
    expect(admin.page.text).not.toContain('zoe.nunez@harbour.example')
    expect((await zoe.open('/')).text).not.toContain('Hello')
    const line = setting.log.find((one) => one.includes('"sessions_ended"'))
    expect(JSON.parse(line ?? '')).toMatchObject({ by: demo.people.ingrid, subject: demo.people.zoe, ended: 1 })
  })

  it('SEC-52 end nothing for who is no admin, or sends no token of the session', async () => {
    const [sam, admin] = [await arrive('Sam'), await arrive('Ingrid Solheim')]
    await sam.open('/account')
    const asSam = await sam.submit('/admin/sessions/end', { csrf_token: csrfOf(sam), subject: demo.people.ingrid })
    expect([asSam.status, asSam.text.includes('admin_required')]).toEqual([403, true])
    await admin.open('/admin')
    expect((await admin.submit('/admin/sessions/end', { subject: demo.people.sam })).status).toBe(403)
    for (const visitor of [sam, admin]) expect((await visitor.open('/')).text).toContain('Hello')
  })

  it('tell the latest refusals, with the request that the log has more about', async () => {
    const sam = await arrive('Sam')
    const refused = await sam.open('/admin')
    const id = refused.headers.get('x-request-id') ?? ''
    expect(refused.text).toContain(`Request ${id}`)
    const page = await (await arrive('Ingrid Solheim')).open('/admin')
    expect(page.text).toContain('sam@globusid.org admin_required /admin')
    expect(page.text).toContain(id)
    expect(setting.log.some((line) => line.includes(id) && line.includes('"status":403'))).toBe(true)
  })
})

it('a portal without admins has no such page', async () => {
  await using setting = await startSetting()
  const visitor = setting.visitor()
  await logIn(visitor, 'Maya Okafor')
  expect((await visitor.open('/admin')).status).toBe(404)
  expect((await visitor.open('/account')).body).not.toContain('href="/admin"')
})

describe('metrics', () => {
  it('answer only to their token, and only where one is set', async () => {
    await using without = await startSetting()
    expect((await without.visitor().open('/metrics')).status).toBe(404)
    await using setting = await startSetting({ environment: { PORTAL_METRICS_TOKEN: '5f0c8f0a3de94b6a' } })
    const visitor = setting.visitor()
    for (const authorization of ['', 'Bearer', 'Bearer x', 'Basic 5f0c8f0a3de94b6a', 'Bearer 5f0c8f0a3de94b6a x']) {
      const refused = await visitor.send('/metrics', { headers: { authorization } })
      expect([authorization, refused.status, refused.body]).toEqual([authorization, 401, ''])
    }
  })

  it('count requests by their route, so that no address of a stranger becomes a name', async () => {
    await using setting = await startSetting({ environment: { PORTAL_METRICS_TOKEN: '5f0c8f0a3de94b6a' } })
    const visitor = setting.visitor()
    await logIn(visitor, 'Maya Okafor')
    for (const path of ['/data', '/data/nothing', '/data/else', '/no"where\n', '/healthz']) await visitor.open(path)
    await visitor.send('/', { method: 'PROPFIND' })
    const { body, headers } = await visitor.send('/metrics', { headers: { authorization: 'Bearer 5f0c8f0a3de94b6a' } })
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(body).toContain('portal_requests_total{method="GET",route="/data/:id",status="404"} 2\n')
    expect(body).toContain('portal_requests_total{method="GET",route="none",status="404"} 1\n')
    expect(body).toContain('portal_requests_total{method="GET",route="/healthz",status="200"} 1\n')
    expect(body).toMatch(/portal_requests_total\{method="other",route="\w*\/?\w*",status="\d+"\} 1\n/)
    expect(body).toContain('portal_login_events_total{event="login",code=""} 1\n')
    expect(body).toMatch(/portal_request_duration_seconds_bucket\{route="\/data\/:id",le="\+Inf"\} 2\n/)
    expect(body).toMatch(/process_resident_memory_bytes \d+\n/)
    const line = /^(?:# (?:HELP|TYPE) \w+ .+|\w+(?:\{(?:\w+="(?:[^"\\\n]|\\.)*",?)+\})? [\d.e+-]+)$/
    for (const one of body.trimEnd().split('\n')) expect(one).toMatch(line)
  })
})

it('every answer names its request, as its line in the log does', async () => {
  await using setting = await startSetting()
  const visitor = setting.visitor()
  for (const path of ['/', '/healthz', '/nowhere', '/assets/mark.svg']) {
    const { headers } = await visitor.send(path)
    const id = headers.get('x-request-id') ?? ''
    expect([path, /^[\da-f-]{36}$/.test(id)]).toEqual([path, true])
    expect(setting.log.some((line) => line.includes(id) && line.includes(`"path":"${path}"`))).toBe(true)
  }
})

it('a portal that is about to end says that it is not ready, and goes on to answer', async () => {
  await using setting = await startSetting()
  const visitor = setting.visitor()
  expect((await visitor.send('/readyz')).status).toBe(200)
  setting.portal.drain()
  const { body, status } = await visitor.send('/readyz')
  expect([status, JSON.parse(body)]).toEqual([503, { status: 'unavailable', code: 'closing' }])
  for (const path of ['/healthz', '/']) expect((await visitor.send(path)).status).toBe(200)
})
