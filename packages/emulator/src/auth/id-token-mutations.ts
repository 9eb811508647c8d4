import { createHmac, type KeyObject } from 'node:crypto'

/** The ways in which an ID token can be wrong, for testing what relies on it. */
export const idTokenMutations = [
  'bad-nonce',
  'missing-nonce',
  'bad-iss',
  'missing-iss',
  'bad-aud',
  'missing-aud',
  'aud-array',
  'foreign-second-aud',
  'bad-sub',
  'missing-sub',
  'expired',
  'missing-exp',
  'missing-iat',
  'future-iat',
  'bad-at-hash',
  'missing-at-hash',
  'bad-signature',
  'alg-none',
  'alg-hs256',
  'alg-rs256',
  'with-kid',
  'not-a-jwt',
] as const

/** A way to make an ID token wrong. */
export type IdTokenMutation = (typeof idTokenMutations)[number]

export interface TokenParts {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** Changes header and claims before they are signed. */
export function mutateParts(parts: TokenParts, mutation: IdTokenMutation | undefined): TokenParts {
  const { header, claims } = parts
  const without = (name: string): TokenParts => ({
    header,
    claims: Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name)),
  })
  const changed = (change: Record<string, unknown>): TokenParts => ({ header, claims: { ...claims, ...change } })
  switch (mutation) {
    case 'missing-nonce':
    case 'missing-iss':
    case 'missing-aud':
    case 'missing-sub':
    case 'missing-exp':
    case 'missing-iat':
      return without(mutation.slice('missing-'.length))
    case 'missing-at-hash':
      return without('at_hash')
    case 'bad-nonce':
    case 'bad-iss':
    case 'bad-aud':
    case 'bad-sub':
    case 'bad-at-hash': {
      const name = mutation.slice('bad-'.length).replace('-', '_')
      return changed({ [name]: `${text(claims[name])}1` })
    }
    case 'aud-array':
      return changed({ aud: [claims['aud']] })
    case 'foreign-second-aud':
      return changed({ aud: [claims['aud'], '00000000-0000-4000-8000-000000000000'] })
    case 'expired':
      return changed({ exp: Number(claims['iat']) - 360, iat: Number(claims['iat']) - 720 })
    case 'future-iat':
      return changed({ iat: Number(claims['iat']) + 3600 })
    case 'with-kid':
      return { header: { ...header, kid: 'unknown' }, claims }
    default:
      return parts
  }
}

const text = (claim: unknown): string => (typeof claim === 'string' ? claim : '')

/** Changes a signed token. */
export function mutateJwt(jwt: string, mutation: IdTokenMutation | undefined, key: KeyObject): string {
  const [, claims = '', signature = ''] = jwt.split('.')
  const encode = (header: object): string => Buffer.from(JSON.stringify(header)).toString('base64url')
  switch (mutation) {
    case 'bad-signature':
      return jwt.slice(0, -signature.length) + (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)
    case 'alg-none':
      return `${encode({ typ: 'JWT', alg: 'none' })}.${claims}.`
    case 'alg-hs256': {
      // The classic confusion: an HMAC keyed with what everybody knows, the public key.
      const signed = `${encode({ typ: 'JWT', alg: 'HS256' })}.${claims}`
      const secret = key.export({ type: 'spki', format: 'pem' })
      return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
    }
    case 'not-a-jwt':
      return 'not-a-jwt'
    default:
      return jwt
  }
}
