import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isPierheadError } from '../../src/index.ts'
import { checkOrigin, checkToken, isCsrfToken, isUnsafe, maskCsrfToken, csrfSecret } from '../../src/lib/login/csrf.ts'
import { createRig, logIn, start } from '../support/rig.ts'

const newSecret = (): string => csrfSecret(randomBytes(32), 'sid')
const origin = 'https://portal.example'
const request = (headers: Record<string, string>) => ({
  method: 'POST',
  target: '/',
  header: (name: string) => headers[name],
})
const allowed = (headers: Record<string, string>): boolean => {
  try {
    checkOrigin(request(headers), origin)
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'csrf_refused' })
    return false
  }
}

describe('the origin of an unsafe request', () => {
  it('SEC-54 is ours by the exact Origin, or where none is sent by the word of the browser', () => {
    expect(allowed({ origin })).toBe(true)
    expect(allowed({ origin, 'sec-fetch-site': 'cross-site' })).toBe(true)
    expect(allowed({ 'sec-fetch-site': 'same-origin' })).toBe(true)
  })

  it.each([
    '',
    'null',
    'https://evil.example',
    'http://portal.example',
    'https://portal.example:443',
    'https://portal.example:8443',
    'https://portal.example/',
    'https://portal.example.evil.example',
    'https://evilportal.example',
    'https://a.portal.example',
    'https://portal.example@evil.example',
    'https://PORTAL.example',
    'HTTPS://portal.example',
    'https://portal.example, https://evil.example',
    'https://portal.example https://portal.example',
    ' https://portal.example',
    'https://portal.example.',
    'portal.example',
    '//portal.example',
    'https://portal.example#',
    'https://portal.example?',
    'https://portal.example\u0000',
    'file://',
    'about:blank',
    'https://[::1]',
  ])('SEC-53 SEC-54 is not ours when it says %j', (sent) => {
    expect(allowed({ origin: sent })).toBe(false)
    expect(allowed({ origin: sent, 'sec-fetch-site': 'same-origin' })).toBe(false)
  })

  it.each(['same-site', 'cross-site', 'none', '', 'Same-Origin', 'same-origin, same-origin', 'same-origin '])(
    'SEC-53 is not ours without Origin and with Sec-Fetch-Site %j',
    (site) => {
      expect(allowed({ 'sec-fetch-site': site })).toBe(false)
      expect(allowed({ 'sec-fetch-site': site, referer: `${origin}/page` })).toBe(false)
    },
  )

  it('SEC-54 is not ours when the browser says nothing', () => {
    expect(allowed({})).toBe(false)
  })
})

describe('the token of an unsafe request', () => {
  const secret = newSecret()

  it('CVE-2014-9720 SEC-55 is another text each time, and all of them fit', () => {
    const tokens = Array.from({ length: 100 }, () => maskCsrfToken(secret))
    expect(new Set(tokens).size).toBe(100)
    for (const token of tokens) {
      expect(isCsrfToken(token, secret)).toBe(true)
      expect(token).not.toContain(secret)
    }
  })

  it('SEC-55 of another session does not fit, nor does a changed or cut one', () => {
    expect(isCsrfToken(maskCsrfToken(newSecret()), secret)).toBe(false)
    const token = maskCsrfToken(secret)
    for (let at = 0; at < token.length; at += 1) {
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
      expect([at, isCsrfToken(changed, secret)]).toEqual([at, false])
      expect(isCsrfToken(token.slice(0, at), secret)).toBe(false)
    }
    for (const text of ['', secret, 'é', `${token}AAAA`, 'A'.repeat(64)]) expect(isCsrfToken(text, secret)).toBe(false)
    for (const broken of ['', 'short']) expect(isCsrfToken(maskCsrfToken(broken), broken)).toBe(false)
  })

  it.each([
    ['application/x-www-form-urlencoded', true],
    ['application/x-www-form-urlencoded; charset=utf-8', true],
    ['Application/X-WWW-Form-Urlencoded', true],
    ['application/x-www-form-urlencoded-not', false],
    ['text/plain', false],
    ['multipart/form-data; boundary=x', false],
    ['application/json', false],
    ['text/plain; application/x-www-form-urlencoded', false],
    ['', false],
  ])('SEC-52 is looked for in a body of type %j: %s', async (type, read) => {
    let reads = 0
    const readForm = async () => {
      reads += 1
      return new URLSearchParams({ csrf_token: maskCsrfToken(secret) })
    }
    const checked = checkToken(request({ 'content-type': type }), [secret], readForm)
    const refused = await checked.then(
      () => undefined,
      (error: unknown) => error,
    )
    expect([reads, isPierheadError(refused) && refused.code]).toEqual(read ? [1, false] : [0, 'csrf_refused'])
  })

  it('is the one in the header when there is one, and no body is read', async () => {
    const never = (): never => {
      throw new Error('read')
    }
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    await checkToken(request({ ...type, 'x-csrf-token': maskCsrfToken(secret) }), [secret], never)
    await expect(checkToken(request({ ...type, 'x-csrf-token': '' }), [secret], never)).rejects.toThrow(
      'another session',
    )
  })

  it('S1.28 is asked for by every method that is not safe, in any spelling', () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'get', 'Get', 'PROPFIND', 'X', ''])
      expect(isUnsafe(method)).toBe(true)
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'TRACE']) expect(isUnsafe(method)).toBe(false)
  })
})

describe('forged requests over HTTP', () => {
  it('SEC-52 SEC-107 have no effect, and are reported', async () => {
    const rig = await createRig()
    await logIn(rig)
    const token = (await rig.browser.visit('/csrf')).body
    const forged = [
      { form: { csrf_token: token }, headers: { origin: 'https://evil.example' } },
      { form: { csrf_token: token }, headers: { origin: 'null' } },
      { form: { csrf_token: maskCsrfToken(newSecret()) } },
      { form: { csrf_token: '' } },
      { form: {}, headers: { 'content-type': 'text/plain' } },
      { headers: { 'content-type': 'application/json' } },
      { headers: { 'x-http-method-override': 'GET' } },
    ]
    for (const attempt of forged) {
      expect((await rig.browser.visit('/data', { method: 'POST', ...attempt })).status).toBe(403)
      expect((await rig.browser.visit('/data', { method: 'DELETE', ...attempt })).status).toBe(403)
    }
    expect((await rig.browser.visit('/data')).body).toBe('0')
    expect(rig.events.filter((event) => event.event === 'csrf_refused')).toHaveLength(2 * forged.length)
  })

  it('SEC-55 the token changes at login', async () => {
    const rig = await createRig()
    await logIn(rig)
    const before = (await rig.browser.visit('/csrf')).body
    await logIn(rig)
    const answer = await rig.browser.visit('/data', { method: 'POST', form: { csrf_token: before } })
    expect(answer.status).toBe(403)
  })

  it('SEC-66 a route that is opted out is open, and only that one', async () => {
    const rig = await createRig({ options: { dangerouslySkipCsrf: ['/hook'] } })
    await logIn(rig)
    expect((await rig.browser.visit('/hook', { method: 'POST' })).status).toBe(200)
    for (const target of ['/hook/', '/hook/x', '/Hook', '/%68ook', '//hook', '/data?/hook', '/data']) {
      expect([target, (await rig.browser.visit(target, { method: 'POST' })).status]).toEqual([target, 403])
    }
  })

  it('a visitor without a session is no target', async () => {
    const rig = await createRig()
    await start(rig.browser)
    expect((await rig.browser.visit('/hook', { method: 'POST', headers: { origin: 'null' } })).body).toBe(
      'hello stranger',
    )
  })
})
