import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseReturnTo } from '../../src/lib/login/return-to.ts'
import { hostileTargets } from '../support/hostile-targets.ts'

const origin = 'https://portal.example'

/** Nothing that is accepted may leave the origin, nor when something behind us decodes it once more. */
function staysHome(target: string): boolean {
  if (!target.startsWith('/') || target.startsWith('//') || new URL(target, origin).origin !== origin) return false
  try {
    const decoded = decodeURIComponent(target)
    return new URL(decoded, origin).origin === origin && !decoded.startsWith('//')
  } catch {
    return true
  }
}

describe('the place to come back to', () => {
  it.each([
    ['/', '/'],
    ['/files', '/files'],
    ['/files?path=%2Fa%2Fb&x=1', '/files?path=%2Fa%2Fb&x=1'],
    ['/files#part', '/files'],
    ['/a/../b', '/b'],
    ['/a/./b', '/a/b'],
    ['/über', '/%C3%BCber'],
    ['/a?next=https://evil.example', '/a?next=https://evil.example'],
    ['/@evil.example', '/@evil.example'],
    ['/a:b', '/a:b'],
    ['/100%25', '/100%25'],
    ['/?', '/'],
  ])('accepts %j and gives %j', (text, target) => {
    expect(parseReturnTo(text, origin)).toBe(target)
  })

  it('SEC-62 knows more than 150 hostile spellings, and accepts none', () => {
    expect(new Set(hostileTargets).size).toBeGreaterThan(150)
    for (const text of hostileTargets) expect([text, parseReturnTo(text, origin)]).toEqual([text, undefined])
  })

  it('C11 SEC-62 whatever is accepted stays on the origin, also decoded once more', () => {
    const bit = fc.constantFrom(
      ...'/\\.:@?#%;&=+ \t\n'.split(''),
      '//',
      '..',
      '%2f',
      '%5C',
      '%2e',
      '%09',
      '%252f',
      '%00',
      'evil.example',
      'a',
      'é',
      '∕',
      '／',
      'https:',
      '[',
      ']',
    )
    const text = fc.oneof(
      fc.array(bit, { maxLength: 12 }).map((bits) => `/${bits.join('')}`),
      fc.string(),
    )
    const holds = fc.property(text, (candidate) => {
      const target = parseReturnTo(candidate, origin)
      return target === undefined || staysHome(target)
    })
    expect(fc.check(holds, { numRuns: 3000 })).toMatchObject({ failed: false })
  })

  it('below a base path never leaves it', () => {
    const below = (text: string) => parseReturnTo(text, origin, '/portal')
    expect([below('/portal'), below('/portal/'), below('/portal/a?b')]).toEqual(['/portal', '/portal/', '/portal/a?b'])
    const outside = [
      '/',
      '/other',
      '/portals',
      '/portal/..',
      '/portal/../admin',
      '/portal/%2e%2e/admin',
      '/portal/.%2E/admin',
      '/Portal/a',
    ]
    for (const text of [
      ...outside,
      '/portal/a/../../admin',
      '/portal/%252e%252e/admin',
      '//portal/a',
      '/x/../portal/..',
    ])
      expect([text, below(text)]).toEqual([text, undefined])
  })

  it('is none for what is not text, or too long, also when it only becomes long', () => {
    for (const nothing of [undefined, null, '']) expect(parseReturnTo(nothing, origin)).toBeUndefined()
    expect(parseReturnTo(`/${'a'.repeat(1023)}`, origin)).toHaveLength(1024)
    for (const long of ['a'.repeat(1024), 'é'.repeat(1000), `?${'"'.repeat(1000)}`]) {
      expect(parseReturnTo(`/${long}`, origin)?.length).toBeUndefined()
    }
  })
})
