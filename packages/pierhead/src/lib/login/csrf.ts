import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { LoginError } from '../../errors.ts'
import type { LoginRequest } from './request.ts'

const length = 24
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * The secret of a session, from its public handle and a key of the server. Nothing is stored, so that a form of a session
 * that is over can still be told from a forged one.
 */
export function csrfSecret(key: Uint8Array, sid: string): string {
  return createHmac('sha256', key).update(sid).digest().subarray(0, length).toString('base64url')
}

/** A token for one page: the session's secret under a fresh mask, so that compression tells nothing of it (BREACH). */
export function maskCsrfToken(secret: string): string {
  const mask = randomBytes(length)
  return Buffer.concat([mask, xor(mask, Buffer.from(secret, 'base64url'))]).toString('base64url')
}

export function isCsrfToken(token: string, secret: string): boolean {
  const bytes = Buffer.from(token, 'base64url')
  const expected = Buffer.from(secret, 'base64url')
  if (bytes.length !== 2 * length || expected.length !== length) return false
  return timingSafeEqual(xor(bytes.subarray(0, length), bytes.subarray(length)), expected)
}

/** True for two tokens of one session, each under a mask of its own. */
export function isSameCsrfToken(left: string, right: string): boolean {
  const bytes = Buffer.from(right, 'base64url')
  if (bytes.length !== 2 * length) return false
  return isCsrfToken(left, xor(bytes.subarray(0, length), bytes.subarray(length)).toString('base64url'))
}

export function isUnsafe(method: string): boolean {
  return !safeMethods.has(method)
}

/** An unsafe request of a session must come from our own origin. Without `Origin` the browser must say so itself. */
export function checkOrigin(request: LoginRequest, origin: string): void {
  const sent = request.header('origin')
  const ours = sent === undefined ? request.header('sec-fetch-site') === 'same-origin' : sent === origin
  if (!ours)
    throw new LoginError(
      'csrf_refused',
      `The request says it came from ${JSON.stringify(sent ?? 'nowhere')}, not from ${origin}.`,
    )
}

/** The token in the header, else in the form field. */
export async function checkToken(
  request: LoginRequest,
  secrets: readonly string[],
  readForm: () => Promise<URLSearchParams>,
): Promise<void> {
  const token = request.header('x-csrf-token') ?? (isForm(request) ? (await readForm()).get('csrf_token') : null)
  if (token === null || !secrets.some((secret) => isCsrfToken(token, secret))) {
    throw new LoginError(
      'csrf_refused',
      `The request carries ${token === null ? 'no token' : 'a token of another session'}.`,
    )
  }
}

export function isForm(request: LoginRequest): boolean {
  return /^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(request.header('content-type') ?? '')
}

function xor(left: Buffer, right: Buffer): Buffer {
  const result = Buffer.alloc(length)
  for (let index = 0; index < length; index += 1) result[index] = (left[index] ?? 0) ^ (right[index] ?? 0)
  return result
}
