import { createHash, getRandomValues } from 'node:crypto'

/** Fills an array of that many bytes from a cryptographic source; tests may hand in a reproducible one. */
export type RandomBytes = (length: number) => Uint8Array

export const systemRandom = (length: number): Uint8Array<ArrayBuffer> => getRandomValues(new Uint8Array(length))

/** Gives each byte once, from blocks that are fetched at a time: asking the system for every token would be a quarter of its cost. */
export function createSystemRandom(): RandomBytes {
  let block = new Uint8Array(0)
  let at = 0
  return (length) => {
    if (length > BLOCK) return systemRandom(length)
    if (at + length > block.length) {
      block = systemRandom(BLOCK)
      at = 0
    }
    const given = block.slice(at, at + length)
    block.fill(0, at, at + length)
    at += length
    return given
  }
}

const BLOCK = 16_384

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const LARGEST_FAIR_BYTE = 256 - (256 % ALPHABET.length)

/** That many letters and digits, each equally likely. */
export function randomAlphanumeric(random: RandomBytes, length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of random(length)) {
      if (byte < LARGEST_FAIR_BYTE && text.length < length) text += ALPHABET.charAt(byte % ALPHABET.length)
    }
  }
  return text
}

/** A version 4 UUID. */
export function randomUuid(random: RandomBytes): string {
  const bytes = Buffer.from(random(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** A client secret of Globus's shape: 32 random bytes in standard base64, 44 characters. */
export const randomSecret = (random: RandomBytes): string => Buffer.from(random(32)).toString('base64')

/** An opaque access or refresh token: `Ag` and letters and digits, 90 to 100 characters in all. */
export function randomToken(random: RandomBytes): string {
  const length = 90 + ((random(1)[0] ?? 0) % 11)
  return `Ag${randomAlphanumeric(random, length - 2)}`
}

/** What is stored instead of a secret that only ever has to be recognised. */
export const fingerprint = (secret: string): string => createHash('sha256').update(secret).digest('base64url')
