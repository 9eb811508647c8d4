import { createHash } from 'node:crypto'
import { LoginError } from '../../errors.ts'
import { checkTimes } from './id-token-times.ts'
import { parseJsonObject, show, type JsonObject } from './json.ts'
import { verifySignature } from './jws.ts'
import type { Provider } from './provider.ts'

/** Claims of an ID token that passed every check. Other claims are the provider's word, of unknown type. */
export interface IdTokenClaims {
  readonly iss: string
  /** 1 to 255 characters; with `iss` the only lasting key of a person. */
  readonly sub: string
  readonly aud: string | readonly string[]
  /** Epoch seconds. */
  readonly exp: number
  /** Epoch seconds. */
  readonly iat: number
  readonly [claim: string]: unknown
}

/** What the ID token must agree with. */
export interface IdTokenExpectations {
  /** The nonce that was sent; undefined when no nonce belongs to this token (a refresh). */
  readonly nonce?: string | undefined
  /** The subject it must be about; undefined when any will do. */
  readonly subject?: string | undefined
  /** The access token next to it; `at_hash` is compared with it. */
  readonly accessToken: string
  readonly requiresAtHash: boolean
  /** Largest age of the login in seconds, when one was asked for. */
  readonly maxAge?: number | undefined
  /** Seconds by which the provider's clock is ahead, for the message. */
  readonly clockAhead?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Verifies an ID token (OpenID Connect Core 1.0 sections 3.1.3.7 and 3.1.3.8), the signature always.
 *
 * @throws LoginError `invalid_id_token`; a network error's code when the keys could not be fetched
 */
export async function verifyIdToken(
  provider: Provider,
  idToken: string,
  expected: IdTokenExpectations,
): Promise<IdTokenClaims> {
  const { payload, alg } = await verifySignature(provider, idToken, expected.signal)
  const claims = parseJsonObject(payload)
  if (!claims) throw wrong('its payload is not a JSON object')
  const { issuer, clientId, now } = provider.options
  if (claims['iss'] !== issuer) throw wrong(`it is from ${show(claims['iss'])}; expected ${show(issuer)}`)
  const aud = checkAudience(claims, clientId)
  const sub = checkSubject(claims['sub'], expected.subject)
  const { exp, iat } = checkTimes(claims, now(), { clockAhead: expected.clockAhead, maxAge: expected.maxAge })
  if (expected.nonce !== undefined && claims['nonce'] !== expected.nonce)
    throw wrong('its nonce is not the one we sent')
  checkAtHash(claims['at_hash'], alg, expected)
  return { ...claims, iss: issuer, sub, aud, exp, iat }
}

function checkAudience(claims: JsonObject, clientId: string): string | readonly string[] {
  const { aud, azp } = claims
  const isOurs = aud === clientId || (Array.isArray(aud) && aud.length === 1 && aud[0] === clientId)
  if (!isOurs) throw wrong(`it is for ${show(aud)}; expected ${show(clientId)} alone`)
  if (azp !== undefined && azp !== clientId) throw wrong(`its azp is ${show(azp)}; expected ${show(clientId)}`)
  return Array.isArray(aud) ? [clientId] : clientId
}

function checkSubject(sub: unknown, expected: string | undefined): string {
  if (typeof sub !== 'string' || sub === '' || sub.length > 255) throw wrong('it has no usable sub')
  if (expected !== undefined && sub !== expected) throw wrong('it is about another person')
  return sub
}

function checkAtHash(atHash: unknown, alg: string, expected: IdTokenExpectations): void {
  if (atHash === undefined && !expected.requiresAtHash) return
  const digest = createHash(hashOf(alg)).update(expected.accessToken, 'ascii').digest()
  if (atHash === digest.subarray(0, digest.length / 2).toString('base64url')) return
  throw wrong(atHash === undefined ? 'it has no at_hash' : 'its at_hash does not fit the access token')
}

/** The hash of a signature algorithm; EdDSA over Ed25519 uses SHA-512. */
function hashOf(alg: string): string {
  if (alg.endsWith('256')) return 'sha256'
  return alg.endsWith('384') ? 'sha384' : 'sha512'
}

function wrong(reason: string): LoginError {
  return new LoginError('invalid_id_token', `The ID token is refused: ${reason}.`)
}
