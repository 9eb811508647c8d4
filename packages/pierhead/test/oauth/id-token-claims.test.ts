import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyIdToken, type IdTokenClaims } from '../../src/lib/oauth/id-token.ts'
import type { Provider } from '../../src/lib/oauth/provider.ts'
import {
  accessToken,
  atHash,
  clientId,
  honestClaims,
  nonce,
  outcomeOf,
  sign,
  startHostileProvider,
  subject,
  type HostileProvider,
  type Json,
} from './hostile-provider.ts'

let host: HostileProvider
let party: Provider
beforeAll(async () => {
  host = await startHostileProvider()
  party = host.relyingParty()
})
afterAll(() => host.close())

async function verify(claims: unknown, extra: Json = {}): Promise<IdTokenClaims> {
  const token = await sign(host.behave.signer, claims, { alg: 'RS512' })
  return verifyIdToken(party, token, { accessToken, nonce, subject, requiresAtHash: true, ...extra })
}

const honest = (): Json => honestClaims(host.issuer, host.clock.now, 'RS512')

/** Values that a claim is replaced with, whatever it is; the functions get the honest value. */
const mutations: Record<string, (value: unknown) => unknown> = {
  absent: () => undefined,
  null: () => null,
  'empty text': () => '',
  'a number': () => 12345,
  'negative number': () => -1,
  fraction: () => 0.5,
  '1e300': () => 1e300,
  true: () => true,
  'empty list': () => [],
  'list of itself': (value) => [value],
  'list with a stranger': (value) => [value, 'stranger'],
  object: (value) => ({ value }),
  'one character more': (value) => `${String(value)}1`,
  'one character less': (value) => String(value).slice(0, -1),
  'other case': (value) => swapCase(String(value)),
  'space around': (value) => ` ${String(value)} `,
  'as text': (value) => `${String(value)}\u0000`,
  'very long': (value) => `${String(value)}${'x'.repeat(5000)}`,
}

const required = ['iss', 'sub', 'aud', 'exp', 'iat', 'nonce', 'at_hash'] as const
const optional = ['azp', 'nbf', 'auth_time'] as const
const unchecked = ['acr', 'amr', 'name', 'email', 'identity_set'] as const

/** The cells of the matrix that are honest enough: everything else must be refused. */
const accepted = new Set([
  'aud: list of itself',
  // Numbers and fractions are valid times (RFC 7519 section 2); these lie in the past, which only exp forbids.
  ...['iat', 'nbf', 'auth_time'].flatMap((name) => [`${name}: a number`, `${name}: fraction`]),
  ...optional.map((name) => `${name}: absent`),
])

describe('SEC-22 every claim times every mutation', () => {
  const cells = [...required, ...optional].flatMap((name) => Object.keys(mutations).map((how) => ({ name, how })))

  test(`has at least 180 cells`, () => {
    expect(cells.length).toBeGreaterThanOrEqual(180)
  })

  test.each(cells)('$name: $how', async ({ name, how }) => {
    const claims: Json = {
      ...honest(),
      azp: clientId,
      nbf: host.clock.now / 1000,
      auth_time: host.clock.now / 1000 - 5,
    }
    const mutated = { ...claims, [name]: mutations[how]?.(claims[name]) }
    const expected = accepted.has(`${name}: ${how}`) ? 'accepted' : 'invalid_id_token'
    expect(await outcomeOf(verify(mutated))).toBe(expected)
  })

  test.each(unchecked)('%s is passed on as it is, whatever it is', async (name) => {
    for (const mutate of Object.values(mutations)) {
      const value = mutate('honest')
      expect((await verify({ ...honest(), [name]: value }))[name]).toEqual(value)
    }
  })

  test('two mutations together are never accepted when one alone is refused', async () => {
    const cell = fc.record({ name: fc.constantFrom(...required), how: fc.constantFrom(...Object.keys(mutations)) })
    await fc.assert(
      fc.asyncProperty(cell, cell, async (first, second) => {
        const claims = honest()
        const mutated = { ...claims }
        for (const { name, how } of [first, second]) mutated[name] = mutations[how]?.(claims[name])
        // Of two mutations of one claim only the second is left.
        const effective = first.name === second.name ? [second] : [first, second]
        const fine = effective.every(({ name, how }) => accepted.has(`${name}: ${how}`))
        expect(await outcomeOf(verify(mutated))).toBe(fine ? 'accepted' : 'invalid_id_token')
      }),
      { numRuns: 300 },
    )
  })

  test.each([['', 'x'.repeat(256), 7, null, undefined]].flat())('a login takes no sub that is %j', async (sub) => {
    const outcome = outcomeOf(verify({ ...honest(), sub }, { subject: undefined }))
    expect(await outcome).toBe('invalid_id_token')
  })

  test.each([
    ['an array', '[]'],
    ['text', '"sub"'],
    ['null', 'null'],
    ['no JSON', '{"iss":'],
    ['nothing', ''],
    ['depth 100 000', `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['__proto__', '{"__proto__":{"sub":"x"}}'],
  ])('a payload that is %s is refused', async (_name, payload) => {
    await expect(verify(payload)).rejects.toMatchObject({ code: 'invalid_id_token' })
  })

  test('a deep value in a refused claim still gives a clear error', async () => {
    const deep: unknown = JSON.parse(`${'['.repeat(50)}${']'.repeat(50)}`)
    await expect(verify({ ...honest(), iss: deep })).rejects.toMatchObject({ code: 'invalid_id_token' })
  })
})

describe('C23 REL-18 time checks have 60 s of leeway on the injected clock', () => {
  test.each([
    ['exp', -59, true],
    ['exp', -60, false],
    ['exp', -61, false],
    ['iat', 60, true],
    ['iat', 61, false],
    ['nbf', 60, true],
    ['nbf', 61, false],
  ])('%s at now%i s: %s', async (name, offset, fine) => {
    const result = verify({ ...honest(), [name]: host.clock.now / 1000 + offset })
    expect(await outcomeOf(result)).toBe(fine ? 'accepted' : 'invalid_id_token')
  })

  test('a refused time names the clock that is wrong', async () => {
    const claims = { ...honest(), iat: host.clock.now / 1000 + 300 }
    await expect(verify(claims, { clockAhead: 300 })).rejects.toThrow("The provider's clock is 300 s ahead of ours")
    await expect(verify(claims, { clockAhead: -90 })).rejects.toThrow('90 s behind ours')
    await expect(verify(claims, { clockAhead: 5 })).rejects.toThrow(/in the future\.$/)
  })

  test.each([
    ['fresh enough', -600, true],
    ['too old', -661, false],
    ['absent', undefined, false],
  ])('SEC-32 an asked max_age of 600 s with auth_time %s', async (_name, offset, fine) => {
    const time = offset === undefined ? undefined : host.clock.now / 1000 + offset
    const result = verify({ ...honest(), auth_time: time }, { maxAge: 600 })
    expect(await outcomeOf(result)).toBe(fine ? 'accepted' : 'invalid_id_token')
  })
})

describe('SEC-27 at_hash', () => {
  test('is required when the answer is of Globus shape, else only checked', async () => {
    const claims = { ...honest(), at_hash: undefined }
    await expect(verify(claims, { requiresAtHash: true })).rejects.toThrow('it has no at_hash')
    await expect(verify(claims, { requiresAtHash: false })).resolves.toBeDefined()
    const wrong = { ...honest(), at_hash: atHash('RS512', 'another-token') }
    await expect(verify(wrong, { requiresAtHash: false })).rejects.toThrow('does not fit the access token')
  })

  test('follows the hash of the algorithm: SHA-256 is wrong for RS512', async () => {
    await expect(verify({ ...honest(), at_hash: atHash('RS256', accessToken) })).rejects.toMatchObject({
      code: 'invalid_id_token',
    })
  })
})

test('the error shows neither the nonce nor the access token nor the token itself', async () => {
  for (const name of required) {
    const error = await verify({ ...honest(), [name]: 'wrong' }).catch((reason: unknown) => String(reason))
    expect(error).not.toContain(nonce)
    expect(error).not.toContain(accessToken)
    expect(error).not.toContain('eyJ')
  }
})

test('a refresh expects no nonce and the same person', async () => {
  await expect(verify({ ...honest(), nonce: undefined }, { nonce: undefined })).resolves.toBeDefined()
  await expect(verify(honest(), { subject: 'someone-else' })).rejects.toThrow('another person')
})

function swapCase(text: string): string {
  return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase()
}
