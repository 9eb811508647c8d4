import { createSecretKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto'
import type { EmulatorContext } from '../context.ts'
import type { EndpointName } from '../faults.ts'
import { refusalOf } from './demands.ts'
import { misbehaviours, type Change, type MisbehaviourName, type Play } from './misbehaviours.ts'

type Algorithm = NonNullable<Play['algorithm']>

/** A misbehaviour while it is played. */
export interface Playing {
  readonly name: MisbehaviourName
  readonly play: Play
  /** Does the work of an endpoint as this provider would. */
  answer(request: Request, work: () => Promise<Response>, about: PlayedAt): Promise<Response>
  /** The key set that this provider publishes, from the one that Globus would. */
  publish(jwk: Readonly<Record<string, string>>): readonly Readonly<Record<string, unknown>>[]
  /** The key with which it signs ID tokens, when that is not the world's. */
  signingKey(clientSecret: string): KeyObject | undefined
}

interface PlayedAt {
  readonly endpoint: EndpointName
  readonly context: EmulatorContext
}

/** Begins to play a misbehaviour. */
export function startPlaying(name: MisbehaviourName): Playing {
  const { play } = misbehaviours[name]
  const run = randomUUID()
  const curve = once(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }))
  const stranger = once(() => generateKeyPairSync('rsa', { modulusLength: 2048 }))
  return {
    name,
    play,
    answer: async (request, work, { endpoint, context }) => {
      const refusal = refusalOf(request, { endpoint, play, run })
      if (refusal !== undefined) return refusal
      if (play.rotates === 'between-logins' && endpoint === 'authorize') context.world.signingKeys.rotate()
      const response = goBack(await work(), play, { issuer: context.issuer, run })
      const changes = { ...play.answers?.[endpoint], ...offered(endpoint, play.algorithm) }
      return change(response, changes, { issuer: context.issuer, run })
    },
    publish: (jwk) => {
      if (play.algorithm === 'ES256') return [{ ...curve().publicKey.export({ format: 'jwk' }), use: 'sig' }]
      const own = play.algorithm === 'RS256' ? { ...jwk, alg: 'RS256' } : jwk
      const other = play.severalKeys === true ? stranger().publicKey.export({ format: 'jwk' }) : undefined
      return other === undefined ? [own] : [{ ...own, ...other }, own]
    },
    signingKey: (clientSecret) => {
      if (play.algorithm === 'ES256') return curve().privateKey
      return play.algorithm === 'HS256' ? createSecretKey(clientSecret.padEnd(32, '.'), 'utf8') : undefined
    },
  }
}

const offered = (endpoint: EndpointName, algorithm: Algorithm | undefined): Readonly<Record<string, Change>> =>
  endpoint === 'discovery' && algorithm !== undefined
    ? { id_token_signing_alg_values_supported: () => [algorithm] }
    : {}

/** Changes what the browser takes back to the app: a redirect to elsewhere with a code or an error. */
function goBack(response: Response, play: Play, about: Parameters<Change>[1]): Response {
  const location = response.headers.get('location')
  if (play.authorizationResponse === undefined || location === null || !URL.canParse(location)) return response
  const target = new URL(location)
  if (!target.searchParams.has('code') && !target.searchParams.has('error')) return response
  for (const [name, to] of Object.entries(play.authorizationResponse)) {
    const value = to(target.searchParams.get(name), about)
    if (typeof value === 'string') target.searchParams.set(name, value)
    else target.searchParams.delete(name)
  }
  response.headers.set('location', target.href)
  return response
}

async function change(
  response: Response,
  changes: Readonly<Record<string, Change>>,
  about: Parameters<Change>[1],
): Promise<Response> {
  if (Object.keys(changes).length === 0 || !response.ok) return response
  const document: unknown = await response.json()
  const values = new Map<string, unknown>(Object.entries(typeof document === 'object' ? { ...document } : {}))
  for (const [name, to] of Object.entries(changes)) values.set(name, to(values.get(name), about))
  const kept = Array.from(values).filter(([, value]) => value !== null)
  return Response.json(Object.fromEntries(kept), { status: response.status, headers: response.headers })
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
