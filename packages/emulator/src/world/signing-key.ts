import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { text } from './row.ts'

/** The RSA-2048 key that signs ID tokens; kept, so that a restart invalidates nothing. */
export interface SigningKeys {
  current(): KeyObject
  /** Makes a new key; the old one is no longer published. */
  rotate(): void
  /** Forgets what was read before: the stored key may be another one. */
  reread(): void
  /** `{kty, alg, use, e, n}` of the public half: no `kid`, as at Globus. */
  publicJwk(): Readonly<Record<string, string>>
}

export function signingKeysIn(database: DatabaseSync): SigningKeys {
  const read = database.prepare(`SELECT value FROM settings WHERE name = 'signing_key'`)
  const add = database.prepare(`INSERT OR IGNORE INTO settings (name, value) VALUES ('signing_key', ?)`)
  const replace = database.prepare(`INSERT OR REPLACE INTO settings (name, value) VALUES ('signing_key', ?)`)
  let key: KeyObject | undefined
  const current = (): KeyObject => {
    if (key !== undefined) return key
    // Another process may have stored its key in between: INSERT OR IGNORE and reading back make both use the same one.
    if (read.get() === undefined) add.run(newKey())
    const row = read.get()
    if (row === undefined) throw new Error('The signing key could not be stored')
    key = createPrivateKey(text(row, 'value'))
    return key
  }
  return {
    current,
    rotate: () => {
      replace.run(newKey())
      key = undefined
    },
    reread: () => {
      key = undefined
    },
    publicJwk: () => {
      const { e = '', n = '' } = createPublicKey(current()).export({ format: 'jwk' })
      return { kty: 'RSA', alg: 'RS512', use: 'sig', e, n }
    },
  }
}

const newKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
