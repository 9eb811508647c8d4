import { demo } from '@pierhead/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collections, csrfOf, openAllowing, visitAs } from './support/files.ts'
import { routesOf, type Route } from './support/routes.ts'
import { origin, startSetting, type Setting } from './support/setting.ts'
import type { Visitor } from './support/visitor.ts'

const search = `search: { index: ${demo.searchIndexes.harbourData}, title: Data }\n`
const datasets = `datasets: [{ id: tides, title: Tides, collection: ${collections.tidalSurveyPublic} }]\n`
const forCrew = `access: { require: { group: ${demo.groups.tideCrew} } }\n`
const open = /^\/(assets\/|branding\/|healthz|readyz|metrics$)/
const form = 'application/x-www-form-urlencoded'

/** Everything that was asked of Globus on behalf of anybody. */
const asked = ({ emulator }: Setting): number => [...emulator.requestCounts.values()].reduce((sum, one) => sum + one, 0)

/** Requests as a script of the page would send them, with its token. */
async function sendAll(visitor: Visitor, routes: readonly Route[], csrf: string, methods: readonly string[] = []) {
  const answers: (readonly [route: string, status: number, code: string, Headers])[] = []
  for (const { method, path } of routes.flatMap((route) => [
    route,
    ...methods.map((method) => ({ ...route, method })),
  ])) {
    const isUnsafe = !['GET', 'HEAD', 'OPTIONS'].includes(method)
    const headers = { accept: 'application/json', origin, 'x-csrf-token': csrf, 'content-type': form }
    const {
      body,
      headers: got,
      status,
    } = await visitor.send(path, { method, headers, ...(isUnsafe ? { body: 'a=b' } : {}) })
    answers.push([`${method} ${path}`, status, /"code":"(\w+)"/.exec(body)?.[1] ?? '', got])
  }
  return answers
}

describe('a portal that is closed to somebody', () => {
  let setting: Setting
  let routes: Route[]
  beforeAll(async () => {
    setting = await startSetting({ yaml: `${forCrew}${search}${datasets}` })
    routes = routesOf(setting.portal).filter(({ path }) => !open.test(path))
  })
  afterAll(() => setting[Symbol.asyncDispose]())

  it('is closed on every route and by every method', async () => {
    const sam = await visitAs(setting, 'Sam')
    await openAllowing(sam, '/collections')
    const csrf = /name="csrf_token" value="([^"]+)"/.exec((await sam.open('/account')).body)?.[1] ?? ''
    expect(routes.length).toBeGreaterThan(40)
    const own = /^\w+ \/(account\b|admin\b|$)/
    const answers = await sendAll(sam, routes, csrf, ['HEAD', 'OPTIONS'])
    const closed = answers.filter(([route]) => !own.test(route))
    expect(closed.length).toBeGreaterThan(80)
    for (const [route, status, code] of closed)
      expect([route, status, route.startsWith('HEAD') ? 'access_required' : code]).toEqual([
        route,
        403,
        'access_required',
      ])
  })

  it('SEC-47 lets no cache keep any answer to somebody who is logged in', async () => {
    const zoe = await visitAs(setting, 'Zoë <b>Núñez</b>')
    await openAllowing(zoe, '/collections')
    const csrf = /name="csrf_token" value="([^"]+)"/.exec((await zoe.open('/account')).body)?.[1] ?? ''
    const kept = routes.filter(({ path }) => !/events|end|give-back|renew/.test(path))
    for (const [route, status, , headers] of await sendAll(zoe, kept, csrf)) {
      expect([route, headers.get('cache-control')]).toEqual([route, 'private, no-store'])
      expect([route, /\bCookie\b/i.test(headers.get('vary') ?? '')]).toEqual([route, true])
      expect([route, status < 500 || status === 502]).toEqual([route, true])
    }
  })

  it.each([
    '/data/tides/',
    '/data/TIDES',
    '/data/%74ides',
    '/data//tides',
    '/data/tides%2f',
    '/data/./tides',
    '//data/tides',
    '/account/../data/tides',
    '/account%2f..%2fdata/tides',
    '/data/tides/allow/',
    '/DATA/tides',
    '/;/data/tides',
    '/data/tides;a=b',
    '/data/tides%00',
    '/admin/../collections',
    '/admin%2f..%2fcollections',
    '/%61ccount/../collections',
  ])('is closed at %s', async (path) => {
    const sam = await visitAs(setting, 'Sam')
    for (const visitor of [sam, setting.visitor()]) {
      const { status, headers, text } = await visitor.send(`${origin}${path}`)
      const isRefused =
        [403, 404].includes(status) ||
        (status === 303 && (headers.get('location') ?? '').includes('/v2/oauth2/authorize')) ||
        headers.get('location')?.startsWith('/login') === true
      expect([path, status, isRefused]).toEqual([path, status, true])
      expect(text).not.toContain('Tidal Survey')
    }
  })
})

describe('a dataset that is closed to somebody', () => {
  it('is closed with all that belongs to it, whatever way it is named', async () => {
    const rule = `access: { require: { identities: [${demo.people.ingrid}] } }`
    const dataset = `{ id: tides, title: Tides, collection: ${collections.tidalSurveyPublic}, ${rule} }`
    await using setting = await startSetting({ yaml: `datasets: [${dataset}]\n` })
    const sam = await visitAs(setting, 'Sam')
    const before = asked(setting)
    for (const path of [
      '/data/tides',
      '/data/tides?folder=stations%2F',
      '/data/tides/allow',
      '/data/tides/allow?for=reading',
      '/data/%74ides',
    ])
      for (const method of ['GET', 'HEAD'])
        expect([path, method, (await sam.send(path, { method })).status]).toEqual([path, method, 403])
    for (const path of ['/data/tides/', '/data/TIDES', '/data/tides%2f..', '/data/tides/..%2ftides'])
      expect([path, (await sam.send(`${origin}${path}`)).status]).toEqual([path, 404])
    expect(asked(setting)).toBe(before)
  })

  it('is never left by the name of a folder', async () => {
    const dataset = `{ id: tides, title: Tides, collection: ${collections.tideCrewWorkspace}, path: /tides/ }`
    await using setting = await startSetting({ yaml: `datasets: [${dataset}]\n` })
    const maya = await visitAs(setting, 'Maya Okafor')
    for (const folder of [
      '../',
      '..',
      'a/../../',
      './',
      '/',
      '//',
      'a//b/',
      '%2e%2e/',
      '..%2f',
      'a\0/',
      'a\n/',
      '\u202e/../',
    ]) {
      const { status } = await maya.send(`/data/tides?${new URLSearchParams({ folder })}`)
      const isOdd = folder.startsWith('%') || folder === '..%2f'
      expect([folder, status === 404 || isOdd]).toEqual([folder, true])
    }
    const listed = [...setting.emulator.requestCounts.keys()].filter((path) => path.includes('ls'))
    expect(listed.every((path) => !path.includes('..'))).toBe(true)
  })
})

describe('a request that another site made the browser send', () => {
  let setting: Setting
  let maya: Visitor
  let csrf: string
  let routes: Route[]
  beforeAll(async () => {
    setting = await startSetting({ yaml: `${search}${datasets}admins: { identities: [${demo.people.maya}] }\n` })
    maya = await visitAs(setting, 'Maya Okafor')
    await openAllowing(maya, `/collections/${collections.tideCrewWorkspace}/files`)
    csrf = csrfOf(maya)
    routes = routesOf(setting.portal).filter(({ method }) => method !== 'GET')
  })
  afterAll(() => setting[Symbol.asyncDispose]())

  it.each([
    ['from elsewhere, with a token', { origin: 'https://evil.example', 'x-csrf-token': 'good' }],
    ['from nowhere', { origin: 'null', 'x-csrf-token': 'good' }],
    ['from another port', { origin: 'http://localhost:8889', 'x-csrf-token': 'good' }],
    ['from a name that begins alike', { origin: 'http://localhost:8888.evil.example', 'x-csrf-token': 'good' }],
    ['from a page below', { origin: 'http://sub.localhost:8888', 'x-csrf-token': 'good' }],
    ['over another scheme', { origin: 'https://localhost:8888', 'x-csrf-token': 'good' }],
    ['without any origin', { 'x-csrf-token': 'good' }],
    ['without origin, from the same site', { 'sec-fetch-site': 'same-site', 'x-csrf-token': 'good' }],
    ['without origin, from another site', { 'sec-fetch-site': 'cross-site', 'x-csrf-token': 'good' }],
    [
      'with an origin of ours that another one follows',
      { origin: `${origin}, https://evil.example`, 'x-csrf-token': 'good' },
    ],
    ['without a token', { origin }],
    ['with an empty token', { origin, 'x-csrf-token': '' }],
    ['with a token of nobody', { origin, 'x-csrf-token': 'A'.repeat(64) }],
  ])('SEC-52 SEC-53 SEC-54 does nothing on any route: %s', async (_, given) => {
    expect(routes.length).toBeGreaterThan(14)
    const token = 'x-csrf-token' in given && given['x-csrf-token'] === 'good' ? { 'x-csrf-token': csrf } : {}
    const before = asked(setting)
    for (const { method, path } of routes)
      for (const type of [form, 'text/plain', 'multipart/form-data; boundary=x', 'application/json']) {
        const headers = { accept: 'application/json', 'content-type': type, ...given, ...token }
        const { status, body } = await maya.send(path, { method, headers, body: 'submission_id=1&session=x' })
        expect([`${method} ${path}`, status, /csrf_refused/.test(body)]).toEqual([`${method} ${path}`, 403, true])
      }
    expect(asked(setting)).toBe(before)
  })

  it('SEC-55 with the token of another person does nothing', async () => {
    const sam = await visitAs(setting, 'Sam')
    await sam.open('/account')
    const foreign = /name="csrf_token" value="([^"]+)"/.exec(sam.page.body)?.[1] ?? ''
    expect(foreign).not.toBe('')
    for (const { method, path } of routes) {
      const headers = { accept: 'application/json', origin, 'x-csrf-token': foreign }
      expect([path, (await maya.send(path, { method, headers, body: 'a=b' })).status]).toEqual([path, 403])
    }
  })

  it('SEC-56 SEC-58 by any other method changes nothing, and no answer is for other origins', async () => {
    for (const { path } of routes)
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH']) {
        const headers = {
          origin: 'https://evil.example',
          'access-control-request-method': 'POST',
          accept: 'application/json',
        }
        const answer = await maya.send(path, { method, headers })
        const names = [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))
        expect([path, names]).toEqual([path, []])
        const isRefused = !['DELETE', 'PATCH'].includes(method) || answer.status === 403
        expect([method, path, isRefused]).toEqual([method, path, true])
      }
    expect((await maya.open('/account')).status).toBe(200)
  })
})
