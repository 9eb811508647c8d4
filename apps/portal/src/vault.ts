import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** Hides what the portal itself keeps in the session store: from whoever reads the database, and from changes there. */
export interface Vault {
  /** Stands for a name, which cannot be read off it. */
  idOf(name: string): string
  seal(id: string, text: string): string
  /** Undefined: it was sealed by another secret, or changed, or for another identifier. */
  open(id: string, value: string): string | undefined
}

const nonceLength = 12
const tagLength = 16

/** AES-256-GCM with a key of its own for each purpose (RFC 5869); a value opens under the identifier only that it was sealed for. */
export function createVault(secret: string, purpose: string): Vault {
  const derive = (part: string): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', secret, '', `pierhead portal: ${part} of ${purpose}`, 32))
  const key = derive('content')
  const idKey = derive('identifiers')
  return {
    idOf: (name) => createHmac('sha256', idKey).update(name).digest('base64url'),
    seal(id, text) {
      const nonce = randomBytes(nonceLength)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(id))
      const content = [cipher.update(text, 'utf8'), cipher.final()]
      return Buffer.concat([nonce, cipher.getAuthTag(), ...content]).toString('base64url')
    },
    open(id, value) {
      const bytes = Buffer.from(value, 'base64url')
      const [nonce, tag] = [bytes.subarray(0, nonceLength), bytes.subarray(nonceLength, nonceLength + tagLength)]
      if (tag.length < tagLength) return undefined
      const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
      try {
        const opened = cipher.setAAD(Buffer.from(id)).setAuthTag(tag)
        return opened.update(bytes.subarray(nonceLength + tagLength), undefined, 'utf8') + opened.final('utf8')
      } catch {
        return undefined
      }
    },
  }
}
