import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { adapters } from '../support/adapters.ts'
import { hostileTargets } from '../support/hostile-targets.ts'
import { createRig, logIn, start } from '../support/rig.ts'

/** Raw request targets that a client library would never send. */
const targets = [
  '//evil.example/login',
  '///login',
  '/\\evil.example',
  '//login?code=a&state=b',
  '/login/',
  '/login//',
  '/./login',
  '/a/../login',
  '/%6cogin',
  '/login%2f',
  '/login%00',
  '/login;a=b',
  '/LOGIN',
  '/login?',
  '/login?&&&&',
  '/login?code',
  '/login?state=%',
  '/login?code=%zz&state=%ff',
  '/login?code=a',
  '/login?state=a',
  '/login?code=%00&state=%00',
  '/login?error=%3Cscript%3E&state=a',
  '/login?code=a&state=__proto__',
  '/login?code=a&state=constructor',
  '/login?__proto__[code]=a',
  `/login?code=${'a'.repeat(9000)}&state=b`,
  `/login?return_to=${'%2F'.repeat(2000)}`,
  '/login?request=',
  '/login?request=..',
  '/login?request=a.b.c.d.e',
  `/login?request=${'e30.'.repeat(900)}`,
  '/logout?x',
  '/logout/',
  '//logout',
  '/private?%',
  '/private?return_to=//evil.example',
  '/token/__proto__',
  '/token/',
  '*',
  '/?',
  '/#',
  '/login#?code=a',
]

const cookies = (name: string): string[] => [
  `${name}=`,
  name,
  `=${name}`,
  `${name}==`,
  `${name}=;${name}=`,
  `${name}="x"`,
  `${name}=1`,
  `${name}=9${'A'.repeat(3000)}`,
  `${name}=${'A'.repeat(12_000)}`,
  `${name}=eyJhbGciOiJub25lIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA`,
  `${name}=null`,
  `${name}={}`,
  `${name}=%00`,
  `${name}=..`,
  `${name}=....`,
  `${name}=1..`,
  `${name}=${'.'.repeat(5000)}`,
  `; ; ;${name}=x;;;`,
  `${name} = x`,
  `\t${name}=x`,
  `${name}-1=x; ${name}=3x`,
  `${name}=99999999; ${name}-1=x`,
  Array.from({ length: 200 }, (_, index) => `${name}-${index}=3x`).join('; '),
  `${name.toUpperCase()}=x`,
  `$Version=1; ${name}=x; $Path=/`,
  `${name}=é`,
]

for (const [adapter, mount] of Object.entries(adapters)) {
  describe(`hostile requests through ${adapter}`, () => {
    it('SEC-16 SEC-63 no request target gives a failure, a session or a way to another site', async () => {
      const rig = await createRig({ mount })
      for (const target of targets) {
        if (adapter === 'Hono in memory' && !target.startsWith('/')) continue
        for (const method of ['GET', 'POST']) {
          const answer = await rig
            .newBrowser()
            .visit(target, { method })
            .catch((error: unknown) => error)
          if (answer instanceof Error) throw new Error(`${method} ${target}`, { cause: answer })
          const { status, headers, body } = await rig.newBrowser().visit(target, { method })
          expect([method, target, status < 500]).toEqual([method, target, true])
          expect(body).not.toMatch(/<script|secret of/)
          expect(headers.getSetCookie().filter((line) => line.includes('-session='))).toEqual([])
          const location = headers.get('location') ?? '/'
          const isHome = new URL(location, 'http://localhost:5000').origin === 'http://localhost:5000'
          expect([target, isHome || location.startsWith(`${rig.provider.issuer}/v2/`)]).toEqual([target, true])
        }
      }
    })

    it('SEC-36 SEC-37 CVE-2022-31093 no cookie gives a failure or a session', async () => {
      const rig = await createRig({ mount })
      await logIn(rig)
      const names = [...rig.browser.cookies.keys(), ...rig.browser.cookies.keys()].filter((name) =>
        name.endsWith('-session'),
      )
      const [name = ''] = names
      for (const cookie of cookies(name)) {
        if (adapter !== 'Hono in memory' && /é/.test(cookie)) continue
        for (const target of ['/', '/private', '/login?code=a&state=b']) {
          const answer = await rig.newBrowser().visit(target, { headers: { cookie } })
          expect([cookie.slice(0, 60), answer.status < 500]).toEqual([cookie.slice(0, 60), true])
          expect(answer.body).not.toMatch(/hello Ada|secret of/)
        }
      }
    })

    it('SEC-65 no spelling of a guarded path is served to a stranger', async () => {
      const rig = await createRig({ mount })
      const spellings = [
        '/private',
        '/private/',
        '//private',
        '/private?',
        '/private?x',
        '/./private',
        '/private;a',
        '/%70rivate',
        '/private%2f',
        '/PRIVATE',
        '/private#',
        '/a/../private',
        '/private%00',
        '/\\private',
      ]
      for (const target of spellings) {
        const { body } = await rig.newBrowser().visit(target)
        expect([target, body.includes('secret of')]).toEqual([target, false])
      }
    })
  })
}

describe('random requests', () => {
  it('SEC-16 never give a failure or a session', async () => {
    const rig = await createRig()
    await logIn(rig)
    const [session = ''] = rig.browser.cookies.keys()
    const word = fc.constantFrom(
      'code',
      'state',
      'error',
      'iss',
      'return_to',
      'request',
      'a',
      '[]',
      '[x]',
      '%00',
      '%ff',
      '=',
      '&',
      '?',
      '#',
      '//',
      '..',
      '%2f',
      '',
      'é',
      '"',
    )
    const query = fc
      .array(fc.oneof(word, fc.string({ maxLength: 8 })), { maxLength: 12 })
      .map((words) => encodeURI(words.join('').toWellFormed()))
    const path = fc.constantFrom('/login', '/logout', '/', '/private', '//login', '/login/', '/token/x')
    const cookie = fc.array(
      fc.oneof(fc.constantFrom(session, '=', ';', '..', '1', 'eyJ'), fc.string({ maxLength: 6 })),
      { maxLength: 8 },
    )
    await fc.assert(
      fc.asyncProperty(
        path,
        query,
        cookie,
        fc.constantFrom('GET', 'POST', 'HEAD', 'PUT'),
        async (at, search, parts, method) => {
          const header = parts.join('').replaceAll(/[^\x20-\x7e]/g, '')
          const answer = await rig.newBrowser().visit(`${at}?${search}`, { method, headers: { cookie: header } })
          expect(answer.status).toBeLessThan(500)
          expect(answer.body).not.toMatch(/secret of|hello Ada/)
          expect(answer.headers.getSetCookie().filter((line) => /-session=[^;]/.test(line))).toEqual([])
        },
      ),
      { numRuns: 400 },
    )
  })

  it('SEC-62 CVE-2021-21291 CVE-2022-23527 no return target leads away after a login', async () => {
    const rig = await createRig()
    for (const target of hostileTargets.filter((_, index) => index % 6 === 0)) {
      const location = await start(rig.browser, `/login?${new URLSearchParams({ return_to: target }).toString()}`)
      const answer = await rig.browser.visit(rig.provider.approve(location))
      expect([target, answer.headers.get('location')]).toEqual([target, '/'])
    }
  })

  it('CVE-2021-32702 SEC-15 SEC-77 the error of a stranger is shown as text, shortened, and sets no header', async () => {
    const rig = await createRig()
    for (const text of [
      '<script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      'a\r\nSet-Cookie: x=y',
      '\u202e\0',
      'x'.repeat(10_000),
    ]) {
      const state = new URL(await start(rig.browser)).searchParams.get('state') ?? ''
      const query = new URLSearchParams({
        error: text,
        error_description: text,
        error_uri: 'javascript:alert(1)',
        state,
      })
      const { status, body, headers } = await rig.browser.visit(`/login?${query.toString()}`)
      expect(status).toBe(400)
      expect(body).not.toMatch(/<script>|<img|onerror=alert\(1\)>|javascript:|\u202e|\0/)
      expect(body.length).toBeLessThan(4000)
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/)
      expect(headers.getSetCookie().join()).not.toContain('x=y')
    }
  })
})
