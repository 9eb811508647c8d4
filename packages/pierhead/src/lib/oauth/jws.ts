import { compactVerify, decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose'
import { LoginError } from '../../errors.ts'
import type { SigningKey } from './key-cache.ts'
import { show } from './json.ts'
import type { Provider } from './provider.ts'

/** Algorithms we accept, with the type and curve of their keys. No shared-secret algorithm and no `none`. */
const algorithms: ReadonlyMap<string, { type: string; curve?: string }> = new Map([
  ['RS256', { type: 'rsa' }],
  ['RS384', { type: 'rsa' }],
  ['RS512', { type: 'rsa' }],
  ['PS256', { type: 'rsa' }],
  ['PS384', { type: 'rsa' }],
  ['PS512', { type: 'rsa' }],
  ['ES256', { type: 'ec', curve: 'prime256v1' }],
  ['ES384', { type: 'ec', curve: 'secp384r1' }],
  ['ES512', { type: 'ec', curve: 'secp521r1' }],
  ['EdDSA', { type: 'ed25519' }],
  ['Ed25519', { type: 'ed25519' }],
])

/** Header parameters that change what a signature means; an ID token has none of them (RFC 7515, RFC 7797). */
const forbidden = ['crit', 'b64', 'zip', 'enc']

/**
 * Checks the signature of a compact JWS with the provider's keys and returns the bytes it covers. Keys in the header
 * (`jwk`, `jku`, `x5u`, `x5c`) are never looked at. Globus's key has no `kid`, so every key that fits is tried; when none
 * verifies, the key set is fetched once more.
 *
 * @throws LoginError `invalid_id_token`
 */
export async function verifySignature(
  provider: Provider,
  token: string,
  signal: AbortSignal | undefined,
): Promise<{ payload: Uint8Array; alg: string }> {
  const { idTokenAlgorithms } = await provider.metadata.current(signal)
  const { alg, kid } = checkHeader(token, idTokenAlgorithms)
  const keys = await provider.keys.current(signal)
  const payload = await tryKeys(token, alg, matching(keys, alg, kid))
  if (payload) return { payload, alg }
  const newer = await provider.keys.newerThan(keys, signal)
  const second = newer && (await tryKeys(token, alg, matching(newer, alg, kid)))
  if (second) return { payload: second, alg }
  const tried = matching(newer ?? keys, alg, kid).length
  throw refused(tried === 0 ? 'the provider publishes no key that fits it' : 'its signature is wrong')
}

function checkHeader(token: string, offered: readonly string[]): { alg: string; kid: string | undefined } {
  const header = decodeHeader(token)
  const { alg, kid, typ } = header
  if (typeof alg !== 'string' || !algorithms.has(alg) || !offered.includes(alg)) {
    throw refused(`its algorithm is ${show(alg)}; expected one of ${show(offered)}`)
  }
  const extra = forbidden.find((name) => name in header)
  if (extra) throw refused(`its header has ${extra}`)
  // RFC 8725 section 3.11: a token of another kind must not pass for an ID token.
  if (typ !== undefined && (typeof typ !== 'string' || typ.toUpperCase() !== 'JWT')) {
    throw refused(`its type is ${show(typ)}; expected "JWT"`)
  }
  if (kid !== undefined && typeof kid !== 'string') throw refused('its kid is not text')
  return { alg, kid }
}

function decodeHeader(token: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(token)
  } catch (cause) {
    throw refused('it is not a signed JWT', cause)
  }
}

function matching(keys: readonly SigningKey[], alg: string, kid: string | undefined): SigningKey[] {
  const wanted = algorithms.get(alg)
  return keys.filter(
    (each) =>
      each.key.asymmetricKeyType === wanted?.type &&
      each.key.asymmetricKeyDetails?.namedCurve === wanted?.curve &&
      (each.alg === undefined || each.alg === alg) &&
      (kid === undefined || each.kid === kid),
  )
}

async function tryKeys(token: string, alg: string, keys: readonly SigningKey[]): Promise<Uint8Array | undefined> {
  for (const { key } of keys) {
    try {
      const { payload } = await compactVerify(token, key, { algorithms: [alg] })
      return payload
    } catch {
      // Which of several keys signed is not known; the caller reports when none did.
    }
  }
  return undefined
}

function refused(reason: string, cause?: unknown): LoginError {
  return new LoginError('invalid_id_token', `The ID token is refused: ${reason}.`, cause === undefined ? {} : { cause })
}
