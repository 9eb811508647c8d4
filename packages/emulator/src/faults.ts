import { serviceOperations, type ServiceOperation } from './services/names.ts'
import { transferOperations, type TransferOperation } from './transfer/operation-names.ts'
import type { IdTokenMutation } from './auth/id-token-mutations.ts'
import type { Malformation } from './faults/malform.ts'
import type { MisbehaviourName } from './faults/misbehaviours.ts'
import { startPlaying, type Playing } from './faults/playing.ts'

const authEndpoints = [
  'discovery',
  'jwks',
  'authorize',
  'login',
  'consent',
  'token',
  'userinfo',
  'revoke',
  'introspect',
  'validate',
  'logout',
  'auth-code',
  'mfa',
  'sign-in',
  'web-pages',
  'identities',
  'identity-providers',
  'consents',
  'projects',
  'clients',
  'credentials',
  'scopes',
  'policies',
  'developers',
] as const

/** An endpoint that counts its requests and can be told to fail. */
export type EndpointName = (typeof authEndpoints)[number] | TransferOperation | ServiceOperation

/** The endpoints that count their requests and can be told to fail. */
export const endpointNames: readonly EndpointName[] = [...authEndpoints, ...transferOperations, ...serviceOperations]

/** What an endpoint does instead of its work, or to its answer. */
export type Fault =
  /** Answers this and does nothing. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly body?: string
      readonly headers?: Readonly<Record<string, string>>
      /** The header `Retry-After`: seconds, or any text, such as a date or nonsense. */
      readonly retryAfter?: number | string
    }
  /** Waits, then works as usual. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** Works, and sends the answer so many bytes at a time (default 1), waiting in between. */
  | { readonly kind: 'drip'; readonly milliseconds: number; readonly bytes?: number }
  /** Works, sends the headers and so many bytes of the answer, then cuts the connection. */
  | { readonly kind: 'cut'; readonly after: number }
  /** Never answers; the work is not done. */
  | { readonly kind: 'hang' }
  /** Cuts the connection; the work is not done. */
  | { readonly kind: 'reset' }
  /** Does the work, then cuts the connection: the answer is lost. */
  | { readonly kind: 'lose-answer' }
  /** Changes keys of the JSON answer; null removes one. */
  | { readonly kind: 'merge'; readonly document: Readonly<Record<string, unknown>> }
  /** Works, and breaks the JSON of the answer. */
  | { readonly kind: 'malformed'; readonly how: Malformation }
  /** Works with a clock that is wrong by so many seconds: times in ID tokens and introspection, and the header `Date`. */
  | { readonly kind: 'skew'; readonly seconds: number }

/** A fault, and which requests it spoils. */
export interface FaultRule {
  readonly fault: Fault
  /** Default: any. */
  readonly endpoint?: EndpointName | undefined
  /** The client that sends the request, or whose login, code or token it is about. Default: any. */
  readonly client?: string | undefined
  /** An identity of the person it is about. Default: any. */
  readonly identity?: string | undefined
  /** How many requests it spoils, or `always`. Default 1. */
  readonly times?: number | 'always' | undefined
}

/** Whom a request is about. */
export interface FaultSubject {
  readonly clients: readonly string[]
  readonly identities: readonly string[]
}

/** Faults to come; of several that fit a request the first that was given is used up. */
export interface Faults {
  /** Spoils the next answers that fit. */
  add(rule: FaultRule): void
  /** Spoils the next answers of an endpoint. `times` defaults to 1. */
  next(endpoint: EndpointName, fault: Fault, times?: number): void
  /** Spoils the next ID tokens. `times` defaults to 1. */
  nextIdToken(mutation: IdTokenMutation, times?: number): void
  /** Plays a provider that is wrong in one way, until another is named, `behave()` or `clear()`. */
  misbehave(name: MisbehaviourName): void
  /** Ends the misbehaviour; faults stay. */
  behave(): void
  clear(): void
  /** The misbehaviour that is played. */
  playing(): Playing | undefined
  /** Uses up the next fault for a request to that endpoint. `who` is asked only where a fault is for a client or identity. */
  take(endpoint: EndpointName, who?: () => Promise<FaultSubject>): Promise<Fault | undefined>
  takeIdToken(): IdTokenMutation | undefined
}

/** An endpoint wants the connection cut; the server does it, an in-process caller sees a failed fetch. */
export class ConnectionCut extends TypeError {
  override readonly name = 'ConnectionCut'

  constructor() {
    super('fetch failed: the emulator cut the connection')
  }
}

interface Waiting extends FaultRule {
  left: number
}

export function createFaults(): Faults {
  const waiting: Waiting[] = []
  const idTokens: IdTokenMutation[] = []
  let playing: Playing | undefined
  const add = (rule: FaultRule): void => {
    waiting.push({ ...rule, left: rule.times === 'always' ? Infinity : (rule.times ?? 1) })
  }
  return {
    add,
    next: (endpoint, fault, times) => add({ endpoint, fault, times }),
    nextIdToken: (mutation, times = 1) => {
      for (let i = 0; i < times; i += 1) idTokens.push(mutation)
    },
    misbehave: (name) => {
      playing = startPlaying(name)
    },
    behave: () => {
      playing = undefined
    },
    clear: () => {
      waiting.length = 0
      idTokens.length = 0
      playing = undefined
    },
    playing: () => playing,
    take: (endpoint, who = nobody) => takeFrom(waiting, endpoint, who),
    takeIdToken: () => idTokens.shift() ?? playing?.play.idToken,
  }
}

const nobody = async (): Promise<FaultSubject> => ({ clients: [], identities: [] })

async function takeFrom(
  waiting: Waiting[],
  endpoint: EndpointName,
  who: () => Promise<FaultSubject>,
): Promise<Fault | undefined> {
  if (waiting.length === 0) return undefined
  const isPersonal = ({ client, identity }: FaultRule): boolean => client !== undefined || identity !== undefined
  const subject = waiting.some((rule) => fits(rule, endpoint) && isPersonal(rule)) ? await who() : await nobody()
  const index = waiting.findIndex((rule) => fits(rule, endpoint) && isAbout(rule, subject))
  const rule = waiting[index]
  if (rule === undefined) return undefined
  rule.left -= 1
  if (rule.left <= 0) waiting.splice(index, 1)
  return rule.fault
}

const fits = (rule: FaultRule, endpoint: EndpointName): boolean =>
  rule.endpoint === undefined || rule.endpoint === endpoint

const isAbout = ({ client, identity }: FaultRule, subject: FaultSubject): boolean =>
  (client === undefined || subject.clients.includes(client)) &&
  (identity === undefined || subject.identities.includes(identity))
