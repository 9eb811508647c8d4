import { createHash, randomBytes } from 'node:crypto'

/** A new `state`: 256 random bits, 43 characters that need no encoding. */
export function createState(): string {
  return randomText()
}

/** A new `nonce` for the ID token: 256 random bits. */
export function createNonce(): string {
  return randomText()
}

/** A new PKCE verifier: 256 random bits in 43 characters (RFC 7636 section 4.1). */
export function createCodeVerifier(): string {
  return randomText()
}

/** The S256 challenge of a verifier (RFC 7636 section 4.2). */
export function codeChallenge(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier, 'ascii').digest('base64url')
}

function randomText(): string {
  return randomBytes(32).toString('base64url')
}
