import { createHmac, createPublicKey, generateKeyPairSync, sign as rawSign, type KeyObject } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { verifyIdToken } from '../../src/lib/oauth/id-token.ts'
import {
  accessToken,
  atHash,
  clientSecret,
  honestClaims,
  newRsaSigner,
  nonce,
  outcomeOf,
  rsaSigner,
  sign,
  startHostileProvider,
  subject,
  type HostileProvider,
  type Json,
  type Signer,
} from './hostile-provider.ts'

let host: HostileProvider
beforeAll(async () => {
  host = await startHostileProvider()
})
afterAll(() => host.close())
beforeEach(() => {
  host.received.length = 0
  host.behave.signer = honestSigner
  host.behave.published = [honestSigner]
  host.behave.metadata = (document) => document
  host.behave.keys = (keys) => keys
})

const honestSigner = rsaSigner()
const stranger = newRsaSigner()
const alone = { accessToken, nonce, requiresAtHash: true }

function verify(token: string, party = host.relyingParty()) {
  return verifyIdToken(party, token, alone)
}

async function honestToken(header: Json = {}, signer = honestSigner): Promise<string> {
  return sign(signer, honestClaims(host.issuer, host.clock.now, signer.alg), { typ: 'JWT', alg: signer.alg, ...header })
}

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** Claims of an attacker, with at_hash for every algorithm that they might claim. */
const payload = (alg = 'RS512'): string => encode(honestClaims(host.issuer, host.clock.now, alg))

function hmacToken(alg: string, key: string | Buffer, header: Json = {}): string {
  const data = `${encode({ alg, ...header })}.${payload(alg)}`
  return `${data}.${createHmac(`sha${alg.slice(2)}`, key)
    .update(data)
    .digest('base64url')}`
}

function publicForms(key: KeyObject): (string | Buffer)[] {
  // `signer.jwk` holds the public half; these are the forms in which libraries once took it for a shared secret.
  return [
    key.export({ type: 'spki', format: 'pem' }),
    key.export({ type: 'spki', format: 'der' }),
    key.export({ type: 'pkcs1', format: 'pem' }),
    key.export({ type: 'spki', format: 'pem' }).trim(),
    JSON.stringify(key.export({ format: 'jwk' })),
    Buffer.from(String(honestSigner.jwk['n']), 'base64url'),
  ]
}

type Forgery = readonly [name: string, make: () => string | Promise<string>]

function forgeries(): Forgery[] {
  return [...wrongAlgorithms(), ...wrongHeaders(), ...wrongShapes()]
}

function wrongAlgorithms(): Forgery[] {
  const publicKey = createPublicKey(honestSigner.privateKey)
  return [
    ...['none', 'None', 'NONE', 'nOnE', '', 'null', ' none'].flatMap((alg): Forgery[] => [
      [`alg ${JSON.stringify(alg)} without signature`, () => `${encode({ alg })}.${payload()}.`],
      [`alg ${JSON.stringify(alg)} with signature`, async () => withHeader(await honestToken(), { alg })],
    ]),
    ['no alg', () => `${encode({ typ: 'JWT' })}.${payload()}.`],
    ...[null, 512, ['RS512'], { alg: 'RS512' }, true].map((alg): Forgery => [
      `alg ${JSON.stringify(alg)}`,
      async () => withHeader(await honestToken(), { alg }),
    ]),
    ...['HS256', 'HS384', 'HS512'].flatMap((alg): Forgery[] => [
      [`${alg} with the client secret`, () => hmacToken(alg, clientSecret)],
      [`${alg} with an empty key`, () => hmacToken(alg, '')],
      ...publicForms(publicKey).map((key, form): Forgery => [
        `${alg} with public key form ${form}`,
        () => hmacToken(alg, key),
      ]),
    ]),
    ...['RS256', 'RS384', 'PS256', 'PS512', 'ES256', 'ES512', 'EdDSA', 'RS1', 'HS1', 'rs512', 'RS512 '].map(
      (alg): Forgery => [`header says ${alg}`, async () => withHeader(await honestToken(), { alg })],
    ),
    ['a genuine RS256 signature that was not agreed', () => honestToken({}, rsaSigner('RS256'))],
    ['a genuine PS512 signature that was not agreed', () => honestToken({}, rsaSigner('PS512'))],
    ['a key of our own', () => honestToken({}, stranger)],
  ]
}

function wrongHeaders(): Forgery[] {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const headers: [string, Json][] = [
    ['jwk', { jwk: stranger.jwk }],
    ['jku', { jku: `${host.issuer}/evil.json` }],
    ['x5u', { x5u: `${host.issuer}/evil.pem` }],
    ['x5c', { x5c: ['MIIB'] }],
    ['kid path', { kid: '../../../../dev/null' }],
    ['kid sql', { kid: "x' UNION SELECT 'key" }],
    ['kid url', { kid: 'https://evil.example/key' }],
    ['kid number', { kid: 7 }],
    ['kid null', { kid: null }],
    ['kid object', { kid: {} }],
  ]
  return [
    ...headers.map(([name, header]): Forgery => [`own key with header ${name}`, () => unsafeSign(header)]),
    [
      'ES256 with a key of our own in jwk',
      () => signedBy(ec.privateKey, 'ES256', { jwk: ec.publicKey.export({ format: 'jwk' }) }),
    ],
    ['crit exp', () => honestToken({ crit: ['exp'], exp: 1 }).catch(() => withHeaderSigned({ crit: ['exp'], exp: 1 }))],
    ['crit b64', () => withHeaderSigned({ crit: ['b64'], b64: false })],
    ['b64 alone', () => withHeaderSigned({ b64: false })],
    ['crit empty', () => withHeaderSigned({ crit: [] })],
    ['zip', () => withHeaderSigned({ zip: 'DEF' })],
    ...['at+jwt', 'logout+jwt', 'JWS', 'JOSE', 'secevent+jwt', ''].map((typ): Forgery => [
      `typ ${JSON.stringify(typ)}`,
      () => withHeaderSigned({ typ }),
    ]),
    ['typ list', () => withHeaderSigned({ typ: ['JWT'] })],
  ]
}

function wrongShapes(): Forgery[] {
  return [
    ['empty signature', async () => `${(await honestToken()).split('.').slice(0, 2).join('.')}.`],
    ['no signature part', async () => (await honestToken()).split('.').slice(0, 2).join('.')],
    ['four parts', async () => `${await honestToken()}.x`],
    ['five parts', async () => `${await honestToken()}.x.y`],
    ['JWE', () => `${encode({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })}..AAAA.${'A'.repeat(9)}.AAAA`],
    ['JWE in three parts', () => `${encode({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.${payload()}.AAAA`],
    ['payload of another token', async () => swapPayload(await honestToken())],
    ['zero signature', async () => `${(await honestToken()).split('.').slice(0, 2).join('.')}.${'A'.repeat(342)}`],
    [
      'signature of all ones',
      async () => `${(await honestToken()).split('.').slice(0, 2).join('.')}.${'_'.repeat(342)}`,
    ],
    ['compressed payload', () => compressed()],
    ['header is a list', () => `${encode('[]')}.${payload()}.AAAA`],
    ['header is no JSON', () => `${encode('{')}.${payload()}.AAAA`],
    ['header is no base64', () => `%%%.${payload()}.AAAA`],
    ['empty text', () => ''],
    ['dots', () => '..'],
    ['JSON serialization', async () => flattened(await honestToken())],
  ]
}

describe('SEC-23 forgeries', () => {
  test('at least 60 different ones are all refused, and nothing in a header is fetched', async () => {
    const all = forgeries()
    expect(new Set(all.map(([name]) => name)).size).toBe(all.length)
    expect(all.length).toBeGreaterThanOrEqual(60)
    for (const [name, make] of all) {
      const outcome: unknown = await verify(await make()).catch((error: unknown) => error)
      expect.soft(outcome, name).toMatchObject({ code: 'invalid_id_token' })
    }
    expect(host.received.filter((each) => each.endpoint === 'other')).toEqual([])
  })

  test('a flipped bit anywhere in the token is refused', async () => {
    const token = await honestToken()
    const party = host.relyingParty()
    await verify(token, party)
    const parts = token.split('.').map((part) => Buffer.from(part, 'base64url'))
    await fc.assert(
      fc.asyncProperty(fc.nat(2), fc.nat(10_000), fc.nat(7), async (part, at, bit) => {
        const bytes = parts.map((each) => Buffer.from(each))
        const target = bytes[part] ?? Buffer.alloc(1)
        const index = at % target.length
        target[index] = (target[index] ?? 0) ^ (1 << bit)
        const flipped = bytes.map((each) => each.toString('base64url')).join('.')
        await expect(verify(flipped, party)).rejects.toMatchObject({ code: 'invalid_id_token' })
      }),
      { numRuns: 400 },
    )
  })
})

describe('SEC-24 algorithms', () => {
  const ed25519 = generateKeyPairSync('ed25519')
  const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })
  const signers: Signer[] = [
    ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((alg) => rsaSigner(alg)),
    ...[curve('P-256'), curve('P-384'), curve('P-521')].map((pair, index) => ({
      alg: ['ES256', 'ES384', 'ES512'][index] ?? '',
      privateKey: pair.privateKey,
      jwk: { ...pair.publicKey.export({ format: 'jwk' }) },
    })),
    { alg: 'EdDSA', privateKey: ed25519.privateKey, jwk: { ...ed25519.publicKey.export({ format: 'jwk' }) } },
    { alg: 'Ed25519', privateKey: ed25519.privateKey, jwk: { ...ed25519.publicKey.export({ format: 'jwk' }) } },
  ]

  test.each(signers)('$alg is accepted when the metadata offer it, and only then', async (signer) => {
    host.behave.published = [signer]
    host.behave.metadata = (document) => ({ ...document, id_token_signing_alg_values_supported: [signer.alg] })
    const hashAlg = signer.alg.startsWith('Ed') ? 'RS512' : signer.alg
    const claims = { ...honestClaims(host.issuer, host.clock.now, 'RS512'), at_hash: atHash(hashAlg, accessToken) }
    const token = await sign(signer, claims, { alg: signer.alg })
    await expect(verify(token)).resolves.toMatchObject({ sub: subject })
    const others = signers.map((each) => each.alg).filter((alg) => alg !== signer.alg)
    host.behave.metadata = (document) => ({
      ...document,
      id_token_signing_alg_values_supported: [...others, 'HS256', 'none'],
    })
    await expect(verify(token)).rejects.toMatchObject({ code: 'invalid_id_token' })
  })

  test('metadata without a list of algorithms mean RS256', async () => {
    host.behave.metadata = (document) => ({ ...document, id_token_signing_alg_values_supported: undefined })
    host.behave.published = [rsaSigner('RS256')]
    await expect(verify(await honestToken({}, rsaSigner('RS256')))).resolves.toMatchObject({ sub: subject })
    await expect(verify(await honestToken())).rejects.toMatchObject({ code: 'invalid_id_token' })
  })
})

describe('SEC-25 key selection', () => {
  const small = newRsaSigner('RS512', {}, 1024)
  const key = (change: Json, signer = honestSigner): Json => ({ ...signer.jwk, ...change })
  const cases: [name: string, keys: Json[], header: Json, fine: boolean][] = [
    ['one key without kid, token without kid', [key({})], {}, true],
    ['one key with kid, token without kid', [key({ kid: 'a' })], {}, true],
    ['several keys without kid', [key({}, stranger), key({})], {}, true],
    ['the right kid among several', [key({ kid: 'a' }, stranger), key({ kid: 'b' })], { kid: 'b' }, true],
    ['a kid that two keys have', [key({ kid: 'a' }, stranger), key({ kid: 'a' })], { kid: 'a' }, true],
    ['the kid of another key', [key({ kid: 'a' }, stranger), key({ kid: 'b' })], { kid: 'a' }, false],
    ['an unknown kid', [key({ kid: 'a' })], { kid: 'b' }, false],
    ['a kid where the key has none', [key({})], { kid: 'b' }, false],
    ['a key for encryption', [key({ use: 'enc' })], {}, false],
    ['a key with other operations', [key({ key_ops: ['encrypt'] })], {}, false],
    ['a key for verifying', [key({ use: undefined, key_ops: ['verify'] })], {}, true],
    ['a key for another algorithm', [key({ alg: 'RS256' })], {}, false],
    ['a key that names no algorithm', [key({ alg: undefined, use: undefined })], {}, true],
    ['the wrong kty', [key({ kty: 'EC' })], {}, false],
    ['a secret key', [{ kty: 'oct', k: 'AAAA', alg: 'RS512' }], {}, false],
    ['junk beside the right key', [{}, { kty: 'RSA' }, { kty: 7 }, key({})], {}, true],
    ['no key', [], {}, false],
  ]

  test.each(cases)('%s', async (_name, keys, header, fine) => {
    host.behave.keys = () => keys
    const outcome = await outcomeOf(verify(await honestToken(header)))
    expect(outcome).toBe(fine ? 'accepted' : 'invalid_id_token')
    expect(host.calls('keys')).toHaveLength(fine ? 1 : 2)
  })

  test('a signature of a 1024-bit key is refused', async () => {
    host.behave.published = [small]
    const claims = honestClaims(host.issuer, host.clock.now, 'RS512')
    const data = `${encode({ alg: 'RS512' })}.${encode(claims)}`
    const token = `${data}.${rawSign('sha512', Buffer.from(data), small.privateKey).toString('base64url')}`
    await expect(verify(token)).rejects.toThrow('no key that fits')
  })

  test('junk among the list of keys that is no object is ignored', async () => {
    host.behave.keys = (keys) => [null, 'text', 7, [], ...keys]
    await expect(verify(await honestToken())).resolves.toMatchObject({ sub: subject })
  })
})

function withHeader(token: string, header: Json): string {
  return [encode({ typ: 'JWT', ...header }), ...token.split('.').slice(1)].join('.')
}

/** Signed by the provider's own key over exactly this header: only our header checks stand against it. */
async function withHeaderSigned(header: Json): Promise<string> {
  return signedBy(honestSigner.privateKey, 'RS512', header)
}

async function unsafeSign(header: Json): Promise<string> {
  return signedBy(stranger.privateKey, 'RS512', header)
}

async function signedBy(key: KeyObject, alg: string, header: object): Promise<string> {
  const data = `${encode({ alg, typ: 'JWT', ...header })}.${payload(alg)}`
  const options = alg.startsWith('ES') ? { key, dsaEncoding: 'ieee-p1363' as const } : key
  return `${data}.${rawSign(`sha${alg.slice(2)}`, Buffer.from(data), options).toString('base64url')}`
}

function swapPayload(token: string): string {
  const [header, , signature] = token.split('.')
  return `${header}.${encode({ ...honestClaims(host.issuer, host.clock.now, 'RS512'), sub: 'victim' })}.${signature}`
}

async function compressed(): Promise<string> {
  const body = deflateRawSync(JSON.stringify(honestClaims(host.issuer, host.clock.now, 'RS512'))).toString('base64url')
  const data = `${encode({ alg: 'RS512', zip: 'DEF' })}.${body}`
  return `${data}.${rawSign('sha512', Buffer.from(data), honestSigner.privateKey).toString('base64url')}`
}

function flattened(token: string): string {
  const [header, body, signature] = token.split('.')
  return JSON.stringify({ protected: header, payload: body, signature })
}
