import { createHash, timingSafeEqual } from 'node:crypto'
import type { Behaviour } from '../options.ts'
import type { World } from '../world.ts'
import { isPublic, type Client } from '../world/clients.ts'
import type { Parameters } from './body.ts'
import { oauthError, unauthorized } from './error-documents.ts'

/** What client authentication needs to know. */
export interface ClientAuthenticationContext {
  readonly world: World
  readonly behaviour: Behaviour
  readonly warn: (message: string) => void
}

interface Credentials {
  readonly id: string
  readonly secret: string
}

/**
 * Finds out which client sends a request: raw HTTP Basic credentials as the official clients send them, the same repeated in the body,
 * or for a public client its `client_id` alone. Lenient behaviour also takes form-encoded Basic credentials (RFC 6749 section 2.3.1)
 * and credentials in the body alone, with a warning.
 *
 * @throws ApiError 401 `UNAUTHORIZED` "Basic auth failed" for unknown clients and wrong secrets
 */
export function authenticateClient(request: Request, form: Parameters, context: ClientAuthenticationContext): Client {
  const header = request.headers.get('authorization')
  if (header !== null) return authenticateBasic(header, form, context)
  const id = form.get('client_id')
  const secret = form.get('client_secret')
  if (id === undefined) throw unauthorized('Client credentials are missing')
  if (secret === undefined) return requirePublic(id, context.world)
  if (context.behaviour.clientAuthentication === 'strict') throw unauthorized('Basic auth failed')
  const client = verify({ id, secret }, context.world)
  if (client === undefined) throw unauthorized('Basic auth failed')
  context.warn(`client ${client.id} sent its secret in the body; Globus Auth only advertises client_secret_basic`)
  return client
}

function authenticateBasic(header: string, form: Parameters, context: ClientAuthenticationContext): Client {
  const raw = parseBasic(header)
  if (raw === undefined) throw unauthorized('Basic auth failed')
  const client = verify(raw, context.world) ?? verifyFormEncoded(raw, context)
  if (client === undefined) throw unauthorized('Basic auth failed')
  const bodyId = form.get('client_id')
  if (bodyId !== undefined && bodyId !== client.id)
    throw oauthError('invalid_request', 'Header and body name different clients')
  const bodySecret = form.get('client_secret')
  if (bodySecret !== undefined && verify({ id: client.id, secret: bodySecret }, context.world) === undefined) {
    throw unauthorized('Basic auth failed')
  }
  return client
}

function verifyFormEncoded(raw: Credentials, context: ClientAuthenticationContext): Client | undefined {
  if (context.behaviour.clientAuthentication === 'strict') return undefined
  const id = formDecode(raw.id)
  const secret = formDecode(raw.secret)
  const client = id === undefined || secret === undefined ? undefined : verify({ id, secret }, context.world)
  if (client !== undefined)
    context.warn(`client ${client.id} form-encodes its Basic credentials; Globus Auth's own clients send them raw`)
  return client
}

function requirePublic(id: string, world: World): Client {
  const client = world.clients.find(id)
  if (client === undefined || !isPublic(client)) throw unauthorized('Basic auth failed')
  return client
}

function verify({ id, secret }: Credentials, world: World): Client | undefined {
  const client = world.clients.find(id)
  if (client === undefined || isPublic(client)) return undefined
  return world.clients.secrets(id).some((known) => equalsSecret(known, secret)) ? client : undefined
}

/** Compares in a time that tells nothing about where two secrets differ. */
export function equalsSecret(known: string, given: string): boolean {
  const hash = (value: string): Buffer => createHash('sha256').update(value).digest()
  return timingSafeEqual(hash(known), hash(given))
}

function parseBasic(header: string): Credentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(header)?.[1]
  if (encoded === undefined) return undefined
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  return colon === -1 ? undefined : { id: decoded.slice(0, colon), secret: decoded.slice(colon + 1) }
}

function formDecode(value: string): string | undefined {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
