import { describe, expect, it } from 'vitest'
import { AuthorizationRequirementsError, type LoginOptions } from '../../src/index.ts'
import { scopes } from '../../src/globus.ts'
import type { App, Mount } from '../support/adapters.ts'
import { createRig, logIn, start, type Rig } from '../support/rig.ts'

/** Where an application is reached, and what the proxy before it leaves of the path. */
export interface Deployment {
  readonly name: string
  readonly basePath: '' | '/portal'
  readonly stripPrefix: boolean
}

export const deployments: readonly Deployment[] = [
  { name: '/', basePath: '', stripPrefix: false },
  { name: '/portal, which is kept', basePath: '/portal', stripPrefix: false },
  { name: '/portal, which the proxy removes', basePath: '/portal', stripPrefix: true },
]

const day = 24 * 3_600_000
const origin = 'http://localhost:5000'

/** What depends on where an application lies, and how an adapter treats the connection, whatever the framework. */
export function describeDeployment(adapter: string, mount: Mount, deployment: Deployment): void {
  const { name, basePath, stripPrefix } = deployment
  const at = (path: string): string => basePath + path
  const gate = { open: (): void => undefined }
  const rigged = (): Promise<Rig> =>
    createRig({
      mount: stripPrefix ? stripped(mount, basePath) : mount,
      app: application(basePath, gate),
      options: { redirectUri: `${origin}${at('/login')}`, ...below(deployment) },
    })
  const loggedIn = async (): Promise<Rig> => {
    const rig = await rigged()
    expect((await logIn(rig, { from: at('/login') })).status).toBe(303)
    return rig
  }
  const csrf = async (rig: Rig): Promise<string> => (await rig.browser.visit(at('/csrf'))).body

  describe(`an application at ${name}, through ${adapter}`, () => {
    it('sends people to its own login and takes them back to the page that they wanted', async () => {
      const rig = await rigged()
      const refused = await rig.browser.visit(at('/private?a=%2F'))
      const login = `${at('/login')}?return_to=${encodeURIComponent(at('/private?a=%2F'))}`
      expect([refused.status, refused.headers.get('location')]).toEqual([303, login])
      const script = await rig.browser.visit(at('/private'), { fetch: true })
      expect([script.status, JSON.parse(script.body)]).toEqual([
        401,
        expect.objectContaining({ login_url: `${at('/login')}?return_to=${encodeURIComponent(at('/private'))}` }),
      ])
      const location = await start(rig.browser, login)
      expect(new URL(location).searchParams.get('redirect_uri')).toBe(`${origin}${at('/login')}`)
      const back = await rig.browser.visit(rig.provider.approve(location))
      expect([back.status, back.headers.get('location')]).toEqual([303, at('/private?a=%2F')])
      expect((await rig.browser.visit(at('/private'))).body).toMatch(/^secret of 1111/)
      expect((await logIn(rig, { from: at('/login') })).headers.get('location')).toBe(at('/'))
    })

    it('links its pages to each other: a refused consent to the login, the logout to itself', async () => {
      const rig = await rigged()
      const wanted = encodeURIComponent(at('/private'))
      const state = new URL(await start(rig.browser, at(`/login?return_to=${wanted}`))).searchParams.get('state')
      const refused = await rig.browser.visit(at(`/login?error=access_denied&state=${state}`))
      expect([refused.status, refused.body]).toEqual([
        403,
        expect.stringContaining(`href="${at('/login')}?return_to=${wanted}"`),
      ])
      await logIn(rig, { from: at('/login') })
      const page = await rig.browser.visit(at('/logout'))
      expect(page.body).toContain(`<form method="post" action="${at('/logout')}">`)
      const form = { csrf_token: await csrf(rig) }
      expect((await rig.browser.visit(at('/logout'), { method: 'POST', form })).status).toBe(303)
      expect(rig.browser.cookies.size).toBe(0)
      expect(rig.provider.live()).toEqual([])
    })

    it('leads through what a service requires, and back', async () => {
      const rig = await loggedIn()
      const required = await rig.browser.visit(at('/groups'))
      const way = required.headers.get('location') ?? ''
      expect([required.status, way]).toEqual([
        303,
        expect.stringContaining(`${at('/login')}?return_to=${encodeURIComponent(at('/groups'))}&request=`),
      ])
      const script = await rig.browser.visit(at('/groups'), { fetch: true })
      expect([script.status, script.body]).toEqual([403, expect.stringContaining(`"login_url":"${at('/login')}?`)])
      const back = await rig.browser.visit(rig.provider.approve(await start(rig.browser, way)))
      expect(back.headers.get('location')).toBe(at('/groups'))
      expect((await rig.browser.visit(at('/groups'))).body).toBe('done')
    })

    it('keeps a form whose session has ended until its sender is back and confirms it', async () => {
      const rig = await loggedIn()
      const form = { csrf_token: await csrf(rig), note: 'spring tide' }
      await rig.clock.advance(day + 1000)
      const sent = await rig.browser.visit(at('/note'), { method: 'POST', form })
      const login = await start(rig.browser, sent.headers.get('location') ?? '')
      const back = await rig.browser.visit(rig.provider.approve(login))
      const page = await rig.browser.visit(back.headers.get('location') ?? '')
      expect(page.body).toContain('It was not done yet')
      expect(page.body).toContain(`action="${at('/note')}"`)
      const again = { ...form, csrf_token: /name="csrf_token" value="([^"]+)"/.exec(page.body)?.[1] ?? '' }
      expect((await rig.browser.visit(at('/note'), { method: 'POST', form: again })).body).toBe('noted')
    })

    it('SEC-87 refuses what another site sends with the cookies of a session', async () => {
      const rig = await loggedIn()
      const form = { csrf_token: await csrf(rig) }
      const elsewhere = [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: '', 'sec-fetch-site': 'cross-site' },
      ]
      for (const headers of elsewhere) {
        const refused = await rig.browser.visit(at('/note'), { method: 'POST', form, headers })
        expect([headers, refused.status, refused.body.includes('noted')]).toEqual([headers, 403, false])
      }
      expect((await rig.browser.visit(at('/note'), { method: 'POST', form })).body).toBe('noted')
    })

    it('passes on what a handler streams as it comes, and marks it', async () => {
      const rig = await loggedIn()
      const parts: string[] = []
      // The handler makes the second part once the first has arrived.
      const onPart = (part: string): void => {
        parts.push(part)
        gate.open()
      }
      const answer = await rig.browser.visit(at('/stream'), { onPart })
      expect([answer.status, parts, answer.headers.get('cache-control')]).toEqual([
        200,
        ['ebb', 'flow'],
        'private, no-store',
      ])
    })

    it('SEC-47 answers HEAD as GET, without a body', async () => {
      const rig = await loggedIn()
      const { body: _body, ...got } = await rig.browser.visit(at('/private'))
      const head = await rig.browser.visit(at('/private'), { method: 'HEAD' })
      expect([head.status, head.body, head.headers.get('cache-control')]).toEqual([got.status, '', 'private, no-store'])
      const stranger = await rig.newBrowser().visit(at('/private'), { method: 'HEAD' })
      expect([stranger.status, stranger.body]).toEqual([303, ''])
    })

    it('finds a session among 10 kB of other cookies', async () => {
      const rig = await loggedIn()
      rig.browser.cookies.set('other', 'o'.repeat(10_000))
      expect((await rig.browser.visit(at('/private'))).body).toMatch(/^secret of 1111/)
    })

    it("leaves a handler's own error to the application, and cuts an answer that a guard refuses in its middle", async () => {
      const rig = await rigged()
      const failed = await rig.browser.visit(at('/failure'))
      expect([failed.status, failed.body]).toEqual([500, 'the application failed'])
      await expect(rig.browser.visit(at('/half'))).rejects.toThrow(
        /aborted|terminated|destroyed|hang up|ECONNRESET|needs a login/i,
      )
      expect((await rig.browser.visit(at('/private'))).status).toBe(303)
    })
  })
}

function below({ basePath, stripPrefix }: Deployment): Partial<Pick<LoginOptions, 'basePath' | 'stripPrefix'>> {
  return basePath === '' ? {} : { basePath, stripPrefix }
}

/** A proxy in front that removes the path, and has nothing beside it. */
function stripped(mount: Mount, basePath: string): Mount {
  return async (login, app) => {
    const { send, close } = await mount(login, app)
    return {
      close,
      async send(request) {
        if (!request.target.startsWith(`${basePath}/`)) throw new Error(`The proxy has nothing at ${request.target}.`)
        return send({ ...request, target: request.target.slice(basePath.length) })
      },
    }
  }
}

function application(basePath: string, gate: { open: () => void }): App {
  return async ({ path, method, require }) => {
    const page = path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path
    if (page === '/private') return { body: `secret of ${require().claims.sub}` }
    if (page === '/csrf') return { body: require().csrfToken }
    if (page === '/note') return { body: require().id !== '' && method === 'POST' ? 'noted' : 'nothing' }
    if (page === '/failure') throw new RangeError('of the application')
    if (page === '/stream') return { body: tide(gate) }
    if (page === '/half') return { body: half(require) }
    if (page !== '/groups') return { body: 'elsewhere' }
    if (require().tokens.some(({ resourceServer }) => resourceServer === groups)) return { body: 'done' }
    throw new AuthorizationRequirementsError(
      { requiredScopes: [scopes.groups.all] },
      { service: 'groups', resourceServer: groups },
    )
  }
}

async function* tide(gate: { open: () => void }): AsyncIterable<string> {
  const opened = Promise.withResolvers<void>()
  gate.open = () => opened.resolve()
  yield 'ebb'
  await opened.promise
  yield 'flow'
}

async function* half(require: () => unknown): AsyncIterable<string> {
  yield 'half'
  require()
}

const groups = 'groups.api.globus.org'
