import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto'

const dayLength = 86_400_000
const maxCachedKeys = 32

/** What a sealed value is bound to: a value sealed for one binding never opens for another. */
export interface SealBinding {
  /** What the value is for, such as `session` or `transaction`. */
  readonly purpose: string
  /** Client id and cookie name, so that two apps with one secret stay apart. */
  readonly context: string
}

export interface SealOptions extends SealBinding {
  /** First seals, all open. At least 32 bytes each, checked by the login's options. */
  readonly secrets: readonly string[]
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** `unknown_key`: well formed, but sealed with a secret that is not in the list. */
export type SealFailure = 'malformed' | 'unknown_key' | 'damaged'
export type Opened = { readonly text: string } | { readonly failure: SealFailure }

/**
 * Seals text as a compact JWE (RFC 7516) with `dir` and `A256GCM`, synchronously. Keys come from the secrets by HKDF
 * (RFC 5869), one per purpose, context and day, so that no key seals more than a day's values; `kid` names secret and day.
 */
export interface Sealer {
  /** `salt` adds a key that only the caller holds: without it the value does not open. */
  seal(text: string, salt?: Uint8Array): string
  open(value: string, salt?: Uint8Array): Opened
}

export function createSealer(options: SealOptions): Sealer {
  const secrets = options.secrets.map((secret) => ({ secret, id: secretId(secret) }))
  const keys = new Map<string, SealingKey>()

  const deriveKey = (secret: string, day: number, salt: Uint8Array | string): KeyObject =>
    createSecretKey(new Uint8Array(hkdfSync('sha256', secret, salt, bindingInfo(options, day), 32)))

  const findKey = (header: string, salt: Uint8Array | undefined): SealingKey | SealFailure => {
    const cached = salt === undefined ? keys.get(header) : undefined
    if (cached !== undefined) return cached
    const kid = readKid(header)
    if (kid === undefined) return 'malformed'
    const known = secrets.find((candidate) => candidate.id === kid.secretId)
    if (known === undefined) return 'unknown_key'
    const key = { header, aad: Buffer.from(header, 'ascii'), key: deriveKey(known.secret, kid.day, salt ?? '') }
    if (salt === undefined) remember(keys, header, key)
    return key
  }

  return {
    seal(text, salt) {
      const [first] = secrets
      if (first === undefined) throw new TypeError('At least one secret is needed to seal.')
      const header = writeHeader(first.id, Math.floor(options.now() / dayLength))
      const key = findKey(header, salt)
      if (typeof key === 'string') throw new TypeError('The sealing key could not be derived.')
      return encrypt(key, text)
    },
    open(value, salt) {
      const end = value.indexOf('..')
      if (end < 1) return { failure: 'malformed' }
      const key = findKey(value.slice(0, end), salt)
      if (typeof key === 'string') return { failure: key }
      return decrypt(key, value, end + 2)
    },
  }
}

interface SealingKey {
  readonly header: string
  /** The header's bytes, which the tag covers (RFC 7516 section 5.1). */
  readonly aad: Uint8Array
  readonly key: KeyObject
}

function encrypt({ header, aad, key }: SealingKey, text: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: 16 })
  cipher.setAAD(aad)
  const body = cipher.update(text, 'utf8', 'base64url') + cipher.final('base64url')
  return `${header}..${iv.toString('base64url')}.${body}.${cipher.getAuthTag().toString('base64url')}`
}

const ivLength = 16
const tagLength = 22
/** Used again for each value, as nothing waits while one is opened: three new buffers cost as much as the cipher does. */
const iv = Buffer.alloc(12)
const tag = Buffer.alloc(16)
const ciphertext = Buffer.alloc(4096)

/** `start`: where the nonce begins; ciphertext and tag follow, each after a dot. */
function decrypt({ aad, key }: SealingKey, value: string, start: number): Opened {
  const bodyStart = start + ivLength + 1
  const bodyEnd = value.length - tagLength - 1
  if (bodyEnd < bodyStart || value[bodyStart - 1] !== '.' || value[bodyEnd] !== '.') return { failure: 'malformed' }
  const body = value.slice(bodyStart, bodyEnd)
  const room = body.length > ciphertext.length ? Buffer.alloc(body.length) : ciphertext
  const length = decodeInto(room, body)
  if (
    length === undefined ||
    decodeInto(iv, value.slice(start, start + ivLength)) === undefined ||
    decodeInto(tag, value.slice(bodyEnd + 1)) === undefined
  ) {
    return { failure: 'malformed' }
  }
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 })
  decipher.setAAD(aad)
  decipher.setAuthTag(tag)
  try {
    // In GCM `update` gives all of the text and `final` only checks the tag. Text at once is faster than text in pieces.
    const bytes = decipher.update(room.subarray(0, length))
    decipher.final()
    return { text: bytes.toString('utf8') }
  } catch {
    return { failure: 'damaged' }
  }
}

/**
 * The number of bytes that the text stands for, or undefined. Node decodes base64url leniently; only the one canonical
 * spelling is taken, so that no changed character goes unnoticed. Characters of no base64 alphabet are skipped by Node and
 * show in the length; those of the other alphabet are looked for.
 */
function decodeInto(bytes: Buffer, text: string): number | undefined {
  if (text.includes('+') || text.includes('/')) return undefined
  const rest = text.length % 4
  const last = rest === 0 ? 0 : alphabet.indexOf(text.slice(-1))
  if (rest === 1 || (rest === 2 && last % 16 !== 0) || (rest === 3 && last % 4 !== 0)) return undefined
  const length = Math.floor((text.length * 3) / 4)
  return bytes.write(text, 'base64url') === length ? length : undefined
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function writeHeader(secret: string, day: number): string {
  return Buffer.from(`{"alg":"dir","enc":"A256GCM","kid":"${secret}.${day}"}`).toString('base64url')
}

function readKid(header: string): { secretId: string; day: number } | undefined {
  const bytes = Buffer.alloc(header.length)
  const text = bytes.toString('latin1', 0, decodeInto(bytes, header) ?? 0)
  const match = /^\{"alg":"dir","enc":"A256GCM","kid":"([\w-]{8})\.(\d{1,6})"\}$/.exec(text)
  const [, secret, day] = match ?? []
  return secret === undefined || day === undefined ? undefined : { secretId: secret, day: Number(day) }
}

function secretId(secret: string): string {
  return Buffer.from(hkdfSync('sha256', secret, '', 'pierhead 1 secret id', 6)).toString('base64url')
}

function bindingInfo(binding: SealBinding, day: number): string {
  return JSON.stringify(['pierhead 1 seal', binding.purpose, binding.context, day])
}

/** Anyone can write a header with an old day: the cache stays small, whatever arrives. */
function remember(keys: Map<string, SealingKey>, header: string, key: SealingKey): void {
  if (keys.size >= maxCachedKeys)
    for (const oldest of keys.keys()) {
      keys.delete(oldest)
      break
    }
  keys.set(header, key)
}
