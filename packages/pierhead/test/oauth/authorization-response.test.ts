import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isPierheadError } from '../../src/errors.ts'
import { parseAuthorizationResponse } from '../../src/lib/oauth/authorization-response.ts'

const parse = (query: string) => parseAuthorizationResponse(new URLSearchParams(query))

/** What a query is taken for: a code, an error, or the code of our own refusal. */
function outcome(query: URLSearchParams): unknown {
  try {
    const response = parseAuthorizationResponse(query)
    if (response.state === '' || ('code' in response && 'error' in response)) return 'ambiguous'
    return 'code' in response ? 'code' : 'error'
  } catch (error) {
    return isPierheadError(error) ? error.code : error
  }
}

describe('an answer of the authorization endpoint', () => {
  test.each([
    ['state=s&code=c', { state: 's', code: 'c' }],
    ['code=c&state=s&iss=https%3A%2F%2Fauth.globus.org&unknown=1&unknown=2', { state: 's', code: 'c' }],
    ['state=s&code=c&error=', { state: 's', code: 'c' }],
    [`state=${'s'.repeat(512)}&code=${'c'.repeat(4096)}`, { state: 's'.repeat(512), code: 'c'.repeat(4096) }],
  ])('%.60s gives the code', (query, expected) => {
    expect(parse(query)).toEqual(expected)
  })

  test.each([
    ['access_denied', 'access_denied'],
    ['login_required', 'authorization_error'],
    ['consent_required', 'authorization_error'],
    ['interaction_required', 'authorization_error'],
    ['temporarily_unavailable', 'authorization_error'],
    ['server_error', 'authorization_error'],
    ['invalid_scope', 'authorization_error'],
  ])('the error %s has the code %s', (error, code) => {
    expect(parse(`state=s&error=${error}&error_description=Because`)).toMatchObject({
      state: 's',
      error: { name: 'AuthorizationResponseError', code, error, errorDescription: 'Because' },
    })
  })

  test('SEC-04 SEC-05 whatever is ambiguous is refused as a whole', () => {
    const names = ['state', 'code', 'error', 'error_description', 'error_uri', 'iss']
    const ambiguous = [
      ...names.flatMap((name) => [`state=s&code=c&${name}=1&${name}=1`, `state=s&code=c&${name}=&${name}=2`]),
      ...names.flatMap((name) => [
        `state=s&code=c&${name}[]=1`,
        `state=s&code=c&${name}[a]=1`,
        `state=s&code=c&${name}[0]=`,
      ]),
      'state=s&code=c&error=access_denied',
      'state=s',
      'state=s&code=&error=',
      'code=c',
      'error=access_denied',
      'state=&code=c',
      '',
      `state=${'s'.repeat(513)}&code=c`,
      `state=s&code=${'c'.repeat(4097)}`,
      'state=s&code=a%0Ab',
      'state=s%00&code=a',
      'state=s&code=%C3%A9',
      'State=s&Code=c',
    ]
    const outcomes = ambiguous.map((query) => [query.slice(0, 80), outcome(new URLSearchParams(query))])
    expect(outcomes.filter(([, code]) => code !== 'invalid_callback')).toEqual([])
  })

  test('SEC-15 foreign text loses what could harm a page, a header or a reader', () => {
    const response = parseAuthorizationResponse(
      new URLSearchParams({
        state: 's',
        error: 'bad\r\nx: y\u0000é<b>'.padEnd(5000, 'e'),
        error_description: 'a\r\nSet-Cookie: x\u0000\u202Eb\u2066c \uD800<script>'.padEnd(20_000, 'd'),
      }),
    )
    if (!('error' in response)) throw new Error('expected an error')
    expect(response.error.error).toMatch(/^[\x20-\x7e]{100}$/)
    expect(response.error.errorDescription).toMatch(/^a Set-Cookie: x bc .<script>d+$/)
    expect(response.error.errorDescription).toHaveLength(500)
    expect(response.error.message).not.toContain('Set-Cookie')
  })

  test('an error without a readable character is still an error', () => {
    expect(parse('state=s&error=%C3%A9&error_description=%00')).toMatchObject({
      error: { error: 'unreadable', errorDescription: undefined },
    })
  })

  test('SEC-16 no query at all makes it throw anything but our own error, and none shows its code', () => {
    const name = fc.oneof(fc.constantFrom('state', 'code', 'error', 'error_description', 'iss', 'code[]'), fc.string())
    const pairs = fc.array(fc.tuple(name, fc.string({ unit: 'binary' })), { maxLength: 8 })
    fc.assert(
      fc.property(pairs, (list) => {
        expect(['code', 'error', 'invalid_callback']).toContain(outcome(new URLSearchParams(list)))
      }),
      { numRuns: 1000 },
    )
    expect(() => parse('code=super-secret-code')).toThrow(/^(?!.*super-secret-code)/)
  })
})
