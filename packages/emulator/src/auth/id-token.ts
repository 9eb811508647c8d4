import { createHash, createPublicKey } from 'node:crypto'
import { SignJWT } from 'jose'
import { toSeconds } from '../clock.ts'
import type { EmulatorContext } from '../context.ts'
import { idTokenClaims } from './claims.ts'
import { mutateJwt, mutateParts } from './id-token-mutations.ts'

/** What an ID token is about. */
export interface IdTokenSubject {
  readonly clientId: string
  /** The primary identity. */
  readonly identity: string
  /** Root scope strings of the token beside it. */
  readonly scopes: ReadonlySet<string>
  readonly accessToken: string
  readonly nonce: string | null
}

const LIFETIME = 172_800

/** Signs an ID token as Globus Auth does: RS512, no `kid`, `aud` a string, claims in the order of a recorded token. */
export async function signIdToken(subject: IdTokenSubject, context: EmulatorContext): Promise<string> {
  const mutation = context.faults.takeIdToken()
  const issuedAt = toSeconds(context.clock.now())
  const claims = {
    ...idTokenClaims(subject, context),
    iss: context.issuer,
    aud: subject.clientId,
    exp: issuedAt + LIFETIME,
    iat: issuedAt,
    ...(subject.nonce !== null && context.behaviour.nonceEcho ? { nonce: subject.nonce } : {}),
    at_hash: atHash(subject.accessToken),
  }
  const parts = mutateParts({ header: { typ: 'JWT', alg: 'RS512' }, claims }, mutation)
  const key = context.world.signingKeys.current()
  const jwt = await new SignJWT({ ...parts.claims }).setProtectedHeader({ ...parts.header, alg: 'RS512' }).sign(key)
  return mutateJwt(jwt, mutation, createPublicKey(key))
}

/** The left half of the SHA-512 of the access token (OpenID Connect Core section 3.1.3.6; the hash follows the algorithm). */
const atHash = (accessToken: string): string =>
  createHash('sha512').update(accessToken, 'ascii').digest().subarray(0, 32).toString('base64url')
