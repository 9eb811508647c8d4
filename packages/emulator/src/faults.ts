import { serviceOperations, type ServiceOperation } from './services/names.ts'
import { transferOperations, type TransferOperation } from './transfer/operation-names.ts'
import type { IdTokenMutation } from './auth/id-token-mutations.ts'

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
    }
  /** Waits, then works as usual. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** Never answers; the work is not done. */
  | { readonly kind: 'hang' }
  /** Cuts the connection; the work is not done. */
  | { readonly kind: 'reset' }
  /** Does the work, then cuts the connection: the answer is lost. */
  | { readonly kind: 'lose-answer' }
  /** Changes keys of the JSON answer; null removes one. */
  | { readonly kind: 'merge'; readonly document: Readonly<Record<string, unknown>> }

/** Faults to come, used up in the order they were given. */
export interface Faults {
  /** Spoils the next answers of an endpoint. `times` defaults to 1. */
  next(endpoint: EndpointName, fault: Fault, times?: number): void
  /** Spoils the next ID tokens. `times` defaults to 1. */
  nextIdToken(mutation: IdTokenMutation, times?: number): void
  clear(): void
  /** Uses up the next fault of an endpoint. */
  take(endpoint: EndpointName): Fault | undefined
  takeIdToken(): IdTokenMutation | undefined
}

/** An endpoint wants the connection cut; the server does it, an in-process caller sees a failed fetch. */
export class ConnectionCut extends TypeError {
  override readonly name = 'ConnectionCut'

  constructor() {
    super('fetch failed: the emulator cut the connection')
  }
}

export function createFaults(): Faults {
  const waiting = new Map<EndpointName, Fault[]>()
  const idTokens: IdTokenMutation[] = []
  return {
    next: (endpoint, fault, times = 1) => {
      const queue = waiting.get(endpoint) ?? []
      for (let i = 0; i < times; i += 1) queue.push(fault)
      waiting.set(endpoint, queue)
    },
    nextIdToken: (mutation, times = 1) => {
      for (let i = 0; i < times; i += 1) idTokens.push(mutation)
    },
    clear: () => {
      waiting.clear()
      idTokens.length = 0
    },
    take: (endpoint) => waiting.get(endpoint)?.shift(),
    takeIdToken: () => idTokens.shift(),
  }
}
