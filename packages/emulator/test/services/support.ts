import { onTestFinished } from 'vitest'
import { createEmulator, demo, type Emulator, type EmulatorOptions } from '../../src/index.ts'

export type Json = Record<string, unknown>

export const scopes = {
  groups: 'urn:globus:auth:scope:groups.api.globus.org:all',
  viewGroups: 'urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships',
  search: 'urn:globus:auth:scope:search.api.globus.org:all',
  searchOnly: 'urn:globus:auth:scope:search.api.globus.org:search',
  ingestOnly: 'urn:globus:auth:scope:search.api.globus.org:ingest',
  transfer: 'urn:globus:auth:scope:transfer.api.globus.org:all',
  timers: 'https://auth.globus.org/scopes/524230d7-ea86-4a52-8312-86065a9e0417/timer',
  flows: 'https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/all',
} as const

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** The document, if it is an object. */
  readonly body: Json
  /** The document, if it is an array. */
  readonly items: readonly Json[]
}

/** Somebody who calls a service with one token. */
export type Caller = (method: string, path: string, body?: unknown) => Promise<Answer>

/** An emulator that ends with the test. */
export function createServices(options: EmulatorOptions = {}): Emulator {
  const emulator = createEmulator(options)
  onTestFinished(() => emulator.close())
  return emulator
}

/** A person who has just logged in at the portal, with a token for that scope. */
export async function callerFor(emulator: Emulator, person: string, scope: string): Promise<Caller> {
  const tokens = await emulator.issueTokens({ client: demo.clients.portal, identity: person, scopes: scope })
  return callerWith(emulator, tokens.access_token)
}

/** Somebody with that token; nobody without one. */
export function callerWith(emulator: Emulator, token?: string): Caller {
  return async (method, path, body) => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) }
    const response = await emulator.fetch(new Request(new URL(path, emulator.origin), init))
    const document: unknown = JSON.parse(await response.text())
    return { status: response.status, headers: response.headers, body: objectIn(document), items: listIn(document) }
  }
}

export const objectIn = (value: unknown): Json =>
  Array.isArray(value) ? {} : Object.fromEntries(Object.entries(Object(value)))

export const listIn = (value: unknown): Json[] => (Array.isArray(value) ? value.map(objectIn) : [])
