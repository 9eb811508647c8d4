import { once } from 'node:events'
import { request } from 'node:https'
import { json } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { capability } from '../../tools/lib/capability.ts'
import { logIn, Visitor } from '../support/browser-like.ts'
import { ask, openEvents, type EventStream } from './ask.ts'
import { publish, startScene, type Deployment, type PublicApp, type Scene, type SitePlace } from './scene.ts'

const long = process.env.PIERHEAD_LONG === '1'
const mebibyte = 1024 * 1024
const uploadBytes = (long ? 2048 : 256) * mebibyte
/** Milliseconds. Both servers give up after a minute where nobody tells them otherwise. */
const silence = (long ? 305 : 65) * 1000
/** Makes a session of nearly the 6144 bytes that sealed cookies may take. */
const filler = 3300

const deployments: readonly (Deployment & { readonly name: string })[] = (['apache', 'nginx'] as const).flatMap(
  (server) => [
    { name: `${server} at /`, server, layout: 'debian', basePath: '', stripPrefix: false },
    { name: `${server} at a path that is kept`, server, layout: 'rhel', basePath: '/a.b/portal', stripPrefix: false },
    { name: `${server} at a path that is stripped`, server, layout: 'debian', basePath: '/portal', stripPrefix: true },
  ],
)

/** What the tutorial adds to Debian's own default-ssl.conf. */
const tutorial = ({ port, appPort, certificate, key }: SitePlace): string => `Listen 127.0.0.1:${port}
<VirtualHost _default_:${port}>
SSLEngine on
SSLCertificateFile ${certificate}
SSLCertificateKeyFile ${key}
ProxyPass / http://127.0.0.1:${appPort}/
ProxyPassReverse / http://127.0.0.1:${appPort}/
</VirtualHost>
`

const missing = (['apache', 'nginx', 'openssl'] as const).filter((name) => !capability(name).available)
let scene: Scene
const apps = new Map<string, PublicApp>()
const silent: { readonly name: string; readonly stream: EventStream; readonly since: number }[] = []

describe.skipIf(missing.length > 0)(
  `an app behind a proxy${missing.length > 0 ? ` (no ${missing.join()})` : ''}`,
  () => {
    beforeAll(async () => {
      scene = await startScene()
      for (const deployment of deployments) {
        const app = await publish(scene, deployment, filler)
        apps.set(deployment.name, app)
        const stream = await openEvents(`${app.address}/silence`)
        silent.push({ name: deployment.name, stream, since: performance.now() })
      }
    })

    afterAll(async () => {
      for (const { stream } of silent) stream.close()
      for (const app of apps.values()) await app.close()
      await scene?.close()
    })

    it('S1.30 logs in over https behind a real Apache with the two lines of the tutorial', async () => {
      const deployment = { server: 'apache', layout: 'debian', basePath: '', stripPrefix: false } as const
      const app = await publish(scene, { ...deployment, site: tutorial })
      const first = await ask(app.origin, '/login', { host: `localhost:${new URL(app.origin).port}` })
      expect(new URL(String(first.headers.location)).searchParams.get('redirect_uri')).toBe(`${app.origin}/login`)
      const visitor = await logIn(new Visitor(), `${app.origin}/private`, 'Maya Okafor')
      expect([visitor.url, JSON.parse(visitor.body)]).toEqual([
        `${app.origin}/private`,
        expect.objectContaining({ name: 'Maya Okafor' }),
      ])
      expect((await ask(app.origin, '/elsewhere')).headers.location).toBe(`${app.origin}/there`)
      await app.close()
    })

    describe.each(deployments)('$name', ({ name, basePath, stripPrefix }) => {
      const appOf = (): PublicApp => {
        const app = apps.get(name)
        if (app === undefined) throw new Error(`${name} has not started.`)
        return app
      }

      it('S1.30 logs in and out at the registered https address, with __Host- cookies only', async () => {
        const { address, origin } = appOf()
        const visitor = await logIn(new Visitor(), `${address}/private?a=%2F`, 'Maya Okafor')
        expect(visitor.url).toBe(`${address}/private?a=%2F`)
        expect(JSON.parse(visitor.body)).toMatchObject({ name: 'Maya Okafor', filler })
        const cookies = (await visitor.cookies(origin)).split('; ')
        expect(cookies.length).toBeGreaterThan(0)
        expect(cookies.filter((cookie) => !cookie.startsWith('__Host-'))).toEqual([])
        await visitor.open(`${address}/logout`)
        await visitor.submit('Log out')
        expect(await ask(origin, `${basePath}/private`, { cookie: await visitor.cookies(origin) })).toMatchObject({
          status: 303,
        })
      })

      it('lets the largest session pass, beside cookies of the app, both ways', async () => {
        const { address, origin } = appOf()
        const visitor = await logIn(new Visitor(), `${address}/private`, 'Maya Okafor')
        const cookie = await visitor.cookies(origin)
        expect(cookie.match(/-session(?:-\d)?=/g)?.length).toBeGreaterThan(1)
        const all = `${cookie}; own=${'o'.repeat(10_000 - cookie.length)}`
        const { status, body } = await ask(origin, `${basePath}/private`, { cookie: all })
        expect([status, JSON.parse(body)]).toEqual([200, expect.objectContaining({ name: 'Maya Okafor' })])
      })

      it('passes an event on within a second', async () => {
        const { address, inner } = appOf()
        const stream = await openEvents(`${address}/events`)
        await stream.arrival(': open')
        const sent = performance.now()
        inner.send('events', 'tide')
        expect((await stream.arrival('data: tide')) - sent).toBeLessThan(1000)
        stream.close()
      })

      it(
        'passes an upload on while it comes, whatever its size',
        async () => {
          const { address, origin, inner } = appOf()
          const visitor = await logIn(new Visitor(), `${address}/private`, 'Maya Okafor')
          // The page's own JSON.
          const { csrfToken } = JSON.parse(visitor.body) as { csrfToken: string }
          const headers = { cookie: await visitor.cookies(origin), origin, 'x-csrf-token': csrfToken }
          const upload = request(`${address}/upload`, {
            method: 'PUT',
            headers: { ...headers, 'content-length': uploadBytes, 'content-type': 'application/octet-stream' },
          })
          const answered = once(upload, 'response')
          const part = Buffer.alloc(mebibyte, 'tide')
          upload.write(part)
          // The rest is not sent before the app has seen the beginning.
          await expect.poll(() => inner.upload.bytes).toBe(mebibyte)
          for (let sent = mebibyte; sent < uploadBytes; sent += mebibyte)
            if (!upload.write(part)) await once(upload, 'drain')
          upload.end()
          // The event's one argument.
          const [incoming] = (await answered) as [IncomingMessage]
          expect([incoming.statusCode, await json(incoming)]).toEqual([200, { bytes: uploadBytes }])
        },
        long ? 600_000 : 150_000,
      )

      it.each([
        ['an encoded slash', '/files/a%2Fb%2fc'],
        ['an encoded percent sign', '/files/100%25%2525'],
        ['a line break', '/files/two%0Alines%0D%0A'],
        ['letters of every kind', "/files/%E2%82%AC%20+&;=@:~!$'()*,%5C%22%3C%7C"],
        ['two slashes and a query', '/files//a?b=%2F%0A&c=//'],
      ])('passes on a name with %s as it was sent', async (_, path) => {
        const { body } = await ask(appOf().origin, basePath + path)
        expect(JSON.parse(body)).toMatchObject({ url: (stripPrefix ? '' : basePath) + path })
      })

      it('turns a redirect to the inner address into one to the public address', async () => {
        const { address, origin } = appOf()
        expect((await ask(origin, `${basePath}/elsewhere`)).headers.location).toBe(`${address}/there`)
      })

      it('SEC-69 lets no header of a stranger decide where anyone is sent, or reach the app', async () => {
        const { origin, address } = appOf()
        const { host } = new URL(origin)
        const lies = {
          host: 'evil.example',
          forwarded: 'for=evil;host=evil.example;proto=http',
          'x-forwarded-host': 'evil.example',
          'x-forwarded-proto': 'evil',
          'x-forwarded-port': '666evil',
          'x-forwarded-for': 'evil',
          'x-forwarded-prefix': '/evil',
          'x-forwarded-server': 'evil.example',
          'x-real-ip': 'evil',
        }
        // The app's own JSON.
        const seen = JSON.parse((await ask(origin, `${basePath}/files/x`, lies)).body) as { headers: object }
        expect(JSON.stringify(seen)).not.toContain('evil')
        const truth = { host, 'x-forwarded-proto': 'https', 'x-forwarded-host': host, 'x-forwarded-for': '127.0.0.1' }
        expect(seen.headers).toMatchObject(truth)
        const { headers } = await ask(origin, `${basePath}/login`, lies)
        expect(new URL(String(headers.location)).searchParams.get('redirect_uri')).toBe(`${address}/login`)
        expect((await ask(origin, `${basePath}/elsewhere`, lies)).headers.location).toBe(`${address}/there`)
      })
    })

    it.each(deployments.filter(({ basePath }) => basePath !== ''))(
      '$name answers for that path only',
      async (place) => {
        const { name, basePath } = place
        const app = apps.get(name)
        const { status, headers } = await ask(app?.origin ?? '', `${basePath}?a=b`)
        expect([status, headers.location]).toEqual([301, `${app?.address}/?a=b`])
        for (const path of ['/', '/other', `${basePath}x/`, `${basePath}/../other`, `${basePath.replace('.', 'x')}s/`])
          expect((await ask(app?.origin ?? '', path)).status).toBe(404)
      },
    )

    it(
      `keeps streams open that are silent for ${silence / 1000} seconds`,
      async () => {
        const last = Math.max(...silent.map(({ since }) => since))
        await delay(Math.max(0, last + silence - performance.now()))
        for (const { name, stream } of silent) {
          apps.get(name)?.inner.send('silence', 'still here')
          await stream.arrival('data: still here')
        }
        expect(silent.length).toBe(deployments.length)
      },
      silence + 60_000,
    )
  },
)
