import { createPublicKey, type KeyObject } from 'node:crypto'
import { LoginError } from '../../errors.ts'
import { callProvider } from './http.ts'
import { isJsonObject, isJsonType, parseJsonObject, show, type JsonObject } from './json.ts'
import type { MetadataCache } from './metadata.ts'
import type { ProviderOptions } from './provider.ts'
import { createRenewedValue, type RenewedValue } from './renewed-value.ts'

/** One usable signing key of the provider. */
export interface SigningKey {
  readonly kid: string | undefined
  /** The only algorithm the provider allows for it, if it says so. */
  readonly alg: string | undefined
  readonly key: KeyObject
}

/** The keys of the provider; a copy serves for as long as the provider cannot be reached. */
export type KeyCache = RenewedValue<readonly SigningKey[]>

/** Milliseconds for which keys are used without asking again. */
const keysLife = 60 * 60 * 1000
const maximumKeys = 64

/** A cache over the `jwks_uri` of the metadata, fetched when the first signature is checked. */
export function createKeyCache(options: ProviderOptions, metadata: MetadataCache): KeyCache {
  const what = 'key set of the provider'
  return createRenewedValue({
    what,
    life: keysLife,
    now: options.now,
    onStale: options.onStale,
    async load(signal) {
      const { jwksUri } = await metadata.current(signal)
      const answer = await callProvider(options, { what, signal }, () =>
        options.fetch(jwksUri, { headers: { accept: 'application/json' }, redirect: 'manual', signal }),
      )
      const keys = isJsonType(answer.contentType) ? parseJsonObject(answer.body)?.['keys'] : undefined
      if (answer.status !== 200 || !Array.isArray(keys)) {
        const got = `status ${answer.status} of type ${show(answer.contentType)}`
        throw new LoginError('provider_error', `The ${what} cannot be used: expected a list of keys, got ${got}.`)
      }
      return keys.slice(0, maximumKeys).flatMap(signingKey)
    },
  })
}

/** The key, or nothing when it is not a public signing key that we could use (RFC 7517 section 4). */
function signingKey(jwk: unknown): SigningKey[] {
  if (!isJsonObject(jwk) || !isForSignatures(jwk)) return []
  try {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    if (isTooShort(key)) return []
    return [{ key, kid: text(jwk['kid']), alg: text(jwk['alg']) }]
  } catch {
    return []
  }
}

function isForSignatures(jwk: JsonObject): boolean {
  const { use, key_ops: operations } = jwk
  if (use !== undefined && use !== 'sig') return false
  return operations === undefined || (Array.isArray(operations) && operations.includes('verify'))
}

function isTooShort(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
