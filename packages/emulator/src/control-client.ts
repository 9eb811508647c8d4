import type { IdTokenMutation } from './auth/id-token-mutations.ts'
import type { NewApp, RegisteredAppInfo } from './emulator.ts'
import type { EndpointName, Fault, FaultRule } from './faults.ts'
import type { MisbehaviourName } from './faults/misbehaviours.ts'
import type { EmulatorInfo } from './info.ts'
import type { Behaviour } from './options.ts'
import type { MailDocument } from './outbox/show.ts'
import type { Removable } from './remove.ts'
import type { AuthorizeOrder, AuthorizeResult } from './scripts/authorize-for-script.ts'
import type { ConsentGrant, TokenOrder, TokenResponse } from './scripts/issue-for-script.ts'
import type { Seed } from './seed.ts'
import type { Ageable, Owner } from './world/time-shift.ts'
import type { TokenCount } from './world/tokens.ts'

/** Which records are meant: their kind, and whose. */
export interface AgeSelector extends Owner {
  readonly what: Ageable
}

/** Misbehaviours that can be played, and the one that is. */
export interface MisbehaviourList {
  readonly playing: MisbehaviourName | null
  /** What each name plays, in a few words. */
  readonly names: Readonly<Record<MisbehaviourName, string>>
}

/** The control API of a running emulator, from a test in the same or another process. */
export interface ControlClient {
  /** Forgets logins, codes, tokens, consents, faults and counts, and puts the seeds back. */
  reset(): Promise<void>
  /** Keeps the whole world under a name. Default `default`. */
  snapshot(name?: string): Promise<void>
  /** Puts the world back as it was when that snapshot was taken. */
  restore(name?: string): Promise<void>
  /** Adds people, clients and scopes, or replaces those with the same ids. @returns the world as it is now, with secrets */
  seed(seed: Seed): Promise<EmulatorInfo>
  info(): Promise<EmulatorInfo>
  /** Registers an app, as the Developers page does. @throws ControlError naming what is wrong */
  registerApp(app: NewApp): Promise<RegisteredAppInfo>
  /** Gives tokens as if that person had just logged in to that client. */
  tokens(order: TokenOrder): Promise<TokenResponse>
  /** Walks through a login as that person would, and gives the redirect with its code. */
  authorize(order: AuthorizeOrder): Promise<AuthorizeResult>
  /** Records consent without asking. @returns how many places of the tree are allowed now */
  preApprove(grant: ConsentGrant): Promise<number>
  /** Takes something out of the world, with what rests on it. @returns whether it was there */
  remove(what: Removable, id: string): Promise<boolean>
  /** Withdraws consents, which ends their tokens. */
  rescind(owner?: Owner): Promise<{ readonly consents: number; readonly tokens: number }>
  /** Lets that many seconds pass for what exists; new things and the clock stay true. @returns how many records changed */
  age(selector: AgeSelector, seconds: number): Promise<number>
  /** Ends the life of what exists. @returns how many records changed */
  expire(selector: AgeSelector): Promise<number>
  /** Ends the emulator's own session in every browser. @returns how many there were */
  logout(): Promise<number>
  rotateKey(): Promise<void>
  /** Spoils the next answers of an endpoint. `times` defaults to 1. */
  fault(endpoint: EndpointName, fault: Fault, times?: number): Promise<void>
  /** Spoils the next answers that fit: of an endpoint, to a client, about an identity. */
  addFault(rule: FaultRule): Promise<void>
  /** Spoils the next ID tokens. `times` defaults to 1. */
  idToken(mutation: IdTokenMutation, times?: number): Promise<void>
  /** Plays a provider that is wrong in one way, until another is named, `behave()` or `clearFaults()`. */
  misbehave(name: MisbehaviourName): Promise<void>
  /** Ends the misbehaviour; faults stay. */
  behave(): Promise<void>
  /** The misbehaviour that is played, and what each name plays. */
  misbehaviours(): Promise<MisbehaviourList>
  /** Ends faults and misbehaviour. */
  clearFaults(): Promise<void>
  behaviour(): Promise<Behaviour>
  /** @returns the behaviour as it is now */
  setBehaviour(changes: Partial<Behaviour>): Promise<Behaviour>
  /** Counts live tokens per client, identity, resource server and kind. */
  census(): Promise<readonly TokenCount[]>
  /** The mails that Globus would have sent, the newest first. */
  outbox(): Promise<readonly MailDocument[]>
  /** How often each path was asked for. */
  requests(): Promise<Readonly<Record<string, number>>>
}

/** The control API refused: the message names the command and what is wrong. */
export class ControlError extends Error {
  override readonly name = 'ControlError'
}

/**
 * Makes a client for the control API of an emulator that was started with `control: true` or `--control`.
 *
 * @throws TypeError when the emulator has no control API
 */
export function createControlClient(info: Pick<EmulatorInfo, 'control'>): ControlClient {
  if (info.control === undefined) throw new TypeError('This emulator has no control API: start it with --control')
  const call = caller(info.control)
  const silently = async (command: string, body?: object): Promise<void> => {
    await call(command, body)
  }
  return {
    reset: () => silently('POST /reset'),
    snapshot: (name) => silently('POST /snapshot', { name }),
    restore: (name) => silently('POST /restore', { name }),
    seed: (seed) => call('POST /seed', seed),
    info: () => call('GET /info'),
    registerApp: ({ name, type, redirectUris }) => call('POST /clients', { name, type, redirect_uris: redirectUris }),
    tokens: (order) => call('POST /tokens', order),
    authorize: (order) => call('POST /authorize', order),
    preApprove: async (grant) => (await call<{ consents: number }>('POST /consents', grant)).consents,
    remove: async (what, id) => (await call<{ removed: boolean }>('POST /remove', { what, id })).removed,
    rescind: (owner = {}) => call('POST /rescind', owner),
    age: async (selector, seconds) => (await call<Changed>('POST /age', { ...selector, seconds })).changed,
    expire: async (selector) => (await call<Changed>('POST /expire', selector)).changed,
    logout: async () => (await call<{ ended: number }>('POST /logout')).ended,
    rotateKey: () => silently('POST /rotate-key'),
    fault: (endpoint, fault, times) => silently('POST /faults', { endpoint, fault, times }),
    idToken: (mutation, times) => silently('POST /id-tokens', { mutation, times }),
    addFault: (rule) => silently('POST /faults', rule),
    misbehave: (name) => silently('POST /misbehave', { name }),
    behave: () => silently('DELETE /misbehave'),
    misbehaviours: () => call('GET /misbehave'),
    clearFaults: () => silently('DELETE /faults'),
    behaviour: () => call('GET /behaviour'),
    setBehaviour: (changes) => call('PATCH /behaviour', changes),
    census: async () => (await call<{ tokens: readonly TokenCount[] }>('GET /tokens')).tokens,
    outbox: async () => (await call<{ mails: readonly MailDocument[] }>('GET /outbox')).mails,
    requests: async () => (await call<{ requests: Record<string, number> }>('GET /requests')).requests,
  }
}

interface Changed {
  readonly changed: number
}

type Call = <Answer>(command: string, body?: object) => Promise<Answer>

function caller({ url, token }: NonNullable<EmulatorInfo['control']>): Call {
  return async <Answer>(command: string, body?: object): Promise<Answer> => {
    const [method = '', path = ''] = command.split(' ')
    const init = { method, headers: { authorization: `Bearer ${token}` } }
    const response = await fetch(url + path, body === undefined ? init : { ...init, body: JSON.stringify(body) })
    const answer: unknown = await response.json()
    if (response.status !== 200) throw new ControlError(`${command}: ${problemsOf(answer)}`)
    // The commands of this release, whose answers the tests of each method hold to its type.
    return answer as Answer
  }
}

function problemsOf(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null) return 'refused'
  if ('problems' in answer && Array.isArray(answer.problems)) return answer.problems.join('; ')
  return 'error' in answer ? String(answer.error) : 'refused'
}
