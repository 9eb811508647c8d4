import { createHash, createPublicKey } from 'node:crypto'
import { SignJWT } from 'jose'
import { toSeconds } from '../clock.ts'
import type { EmulatorContext } from '../context.ts'
import { idTokenClaims } from './claims.ts'
import { mutateJwt, mutateParts, type IdTokenMutation } from './id-token-mutations.ts'
import type { IssuedToken } from './issue-tokens.ts'
import { AUTH_RESOURCE_SERVER } from './scope-table.ts'

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
  return sign(subject, context.faults.takeIdToken(), context)
}

/** The ID token that goes with tokens just issued: null where Globus Auth's own does not hold `openid`. */
export async function signIdTokenBeside(
  tokens: readonly IssuedToken[],
  about: Pick<IdTokenSubject, 'clientId' | 'identity' | 'nonce'>,
  context: EmulatorContext,
): Promise<string | null> {
  const auth = tokens.find((token) => token.resourceServer === AUTH_RESOURCE_SERVER)
  const scopes = new Set(auth?.scope.split(' '))
  if (auth === undefined || !scopes.has('openid')) return null
  return signIdToken({ ...about, scopes, accessToken: auth.accessToken }, context)
}

/** The ID token that a refresh gives, where one is played: Globus Auth gives none. */
export async function signRefreshedIdToken(
  subject: Omit<IdTokenSubject, 'nonce'>,
  context: EmulatorContext,
): Promise<string | null> {
  const refreshed = context.faults.playing()?.play.refreshedIdToken
  if (refreshed === undefined) return null
  return sign({ ...subject, nonce: null }, refreshed === 'right' ? undefined : refreshed, context)
}

async function sign(
  subject: IdTokenSubject,
  mutation: IdTokenMutation | undefined,
  context: EmulatorContext,
): Promise<string> {
  const { world, faults, clock, skew = 0 } = context
  const playing = faults.playing()
  const alg = mutation === 'alg-rs256' ? 'RS256' : (playing?.play.algorithm ?? 'RS512')
  const issuedAt = toSeconds(clock.now()) + skew
  const claims = {
    ...idTokenClaims(subject, context),
    iss: context.issuer,
    aud: subject.clientId,
    exp: issuedAt + LIFETIME,
    iat: issuedAt,
    ...(subject.nonce !== null && context.behaviour.nonceEcho ? { nonce: subject.nonce } : {}),
    at_hash: atHash(subject.accessToken, alg),
  }
  if (playing?.play.rotates === 'before-signing') world.signingKeys.rotate()
  const parts = mutateParts({ header: { typ: 'JWT', alg }, claims }, mutation)
  const key = world.signingKeys.current()
  const [secret = ''] = world.clients.secrets(subject.clientId)
  const signer = new SignJWT({ ...parts.claims }).setProtectedHeader({ ...parts.header, alg })
  return mutateJwt(await signer.sign(playing?.signingKey(secret) ?? key), mutation, createPublicKey(key))
}

/** The left half of the hash of the access token (OpenID Connect Core section 3.1.3.6; the hash follows the algorithm). */
function atHash(accessToken: string, alg: string): string {
  const hash = createHash(alg.endsWith('256') ? 'sha256' : 'sha512')
    .update(accessToken, 'ascii')
    .digest()
  return hash.subarray(0, hash.length / 2).toString('base64url')
}
