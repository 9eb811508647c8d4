import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCookiePolicy } from '../../src/lib/session/cookies.ts'

const secure = createCookiePolicy({ clientId: 'app', redirectUri: 'https://portal.example/login' })
const local = createCookiePolicy({ clientId: 'app', redirectUri: 'http://localhost:8888/login' })
const attributes = (line: string): string[] => line.split('; ').slice(1)

describe('cookies that are sent', () => {
  it('S1.16 SEC-35 carry every attribute over https, when written and when deleted', () => {
    for (const [value, maxAge] of [
      ['v', 60],
      ['', 0],
    ] as const) {
      const line = secure.serialize({ name: secure.session, value, maxAge })
      expect(line).toMatch(/^__Host-pierhead-[\w-]{8}-session=v?; /)
      expect(attributes(line)).toEqual([`Max-Age=${maxAge}`, 'Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax'])
    }
  })

  it('go without Secure and prefix on loopback http, which browsers refuse there', () => {
    const line = local.serialize({ name: local.session, value: 'v', maxAge: 60 })
    expect(line).toMatch(/^pierhead-[\w-]{8}-session=v; /)
    expect(attributes(line)).toEqual(['Max-Age=60', 'Path=/', 'HttpOnly', 'SameSite=Lax'])
  })

  it('SEC-35 are secure for every spelling of an https redirect URI', () => {
    const policy = createCookiePolicy({ clientId: 'a', redirectUri: 'HTTPS://portal.example/login' })
    expect(policy.session).toMatch(/^__Host-/)
    expect(policy.serialize({ name: policy.session, value: 'v', maxAge: 1 })).toContain('Secure')
  })

  it('never live shorter than nothing', () => {
    expect(local.serialize({ name: 'x', value: 'v', maxAge: -5 })).toContain('Max-Age=0')
    expect(local.serialize({ name: 'x', value: 'v', maxAge: 1.9 })).toContain('Max-Age=1')
  })

  it('have names of their own for every client and every redirect URI', () => {
    const names = ['a', 'b'].flatMap((clientId) =>
      ['http://localhost:1/login', 'http://localhost:2/login'].map(
        (redirectUri) => createCookiePolicy({ clientId, redirectUri }).session,
      ),
    )
    expect(new Set(names).size).toBe(4)
  })
})

describe('cookies that arrive', () => {
  const { session } = secure

  it('are read by exact name among others', () => {
    const header = `a=1; ${session}=value.with=signs; b=2; ${local.session}=other; ${session}-1=part`
    expect([...secure.parse(header)]).toEqual([
      [session, 'value.with=signs'],
      [`${session}-1`, 'part'],
    ])
  })

  it('SEC-36 are left out when a name comes twice, even with the same value', () => {
    expect(secure.parse(`${session}=a; x=1; ${session}=b`).size).toBe(0)
    expect(secure.parse(`${session}=a; ${session}=a; ${session}=a`).size).toBe(0)
  })

  it('SEC-36 are not taken from other spellings', () => {
    const tricks = [
      `=${session}=x`,
      session,
      session.toLowerCase() + '=x',
      session.toUpperCase() + '=x',
      `x${session}=x`,
      `"${session}"=x`,
      `a=b,${session}=x`,
      `${encodeURIComponent(session).replace('-', '%2D')}=x`,
    ]
    for (const trick of tricks) expect([trick, secure.parse(trick).has(session)]).toEqual([trick, false])
  })

  it('are none in an absent or empty header, and found among 200', () => {
    expect([secure.parse(undefined).size, secure.parse('').size]).toEqual([0, 0])
    const many = Array.from({ length: 200 }, (_, index) => `c${index}=${index}`).toSpliced(100, 0, `${session}=here`)
    expect([...secure.parse(many.join('; '))]).toEqual([[session, 'here']])
  })

  it('never make the parser throw', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom(session, `${session}=`, ';', '; ', '=', ' ', '\t', ','))
    const header = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''))
    expect(fc.check(fc.property(header, (text) => secure.parse(text).size >= 0))).toMatchObject({ failed: false })
  })

  it('SEC-109 cost time in proportion to their number', () => {
    const shapes = (length: number): string[] => [
      `${session}=`.repeat(length),
      `${session}; `.repeat(length),
      `${session}=a; `.repeat(length),
      `${session}${' '.repeat(length * 30)}=a`,
      `${';'.repeat(length * 30)}${session}=a`,
      `${'= '.repeat(length * 15)};${session}`,
    ]
    const started = performance.now()
    for (const shape of shapes(16_000)) secure.parse(shape)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
