import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import {
  createEmulator,
  createUserAgent,
  demo,
  type Emulator,
  type EmulatorOptions,
  type UserAgent,
} from '../src/index.ts'

export const TRANSFER = 'urn:globus:auth:scope:transfer.api.globus.org:all'
export const PORTAL_REDIRECT = 'http://localhost:8888/login'
export const VERIFIER = 'a-code-verifier-that-is-long-enough-for-rfc-7636-0123'
export const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

// Vitest types its matchers as `any`; as `unknown` they fit anywhere and spoil nothing.
export const ANY_STRING: unknown = expect.any(String)
export const ANY_NUMBER: unknown = expect.any(Number)
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern)
export const containing = (text: string): unknown => expect.stringContaining(text)

/** The JSON of a response; what it is, the test checks itself. */
export const json = async <Document = Record<string, unknown>>(response: Response): Promise<Document> => {
  const document: unknown = await response.json()
  // Only gives the keys names: what is in it, each test asserts.
  return document as Document
}

/** An emulator, a browser, and the steps of an app that logs in with them. */
export interface Rig {
  readonly emulator: Emulator
  readonly browser: UserAgent
  /** The lines that were logged. */
  readonly lines: string[]
  authorizeUrl(changes?: Record<string, string | undefined>): URL
  /** Logs Maya in at the portal and gives the code. */
  code(changes?: Record<string, string | undefined>): Promise<string>
  post(path: string, form: Record<string, string>, client?: string): Promise<Response>
  redeem(code: string, changes?: Record<string, string>, client?: string): Promise<Response>
  /** A whole login; gives the token response. */
  login(changes?: Record<string, string | undefined>): Promise<TokenDocument>
}

export interface TokenDocument {
  access_token: string
  token_type: string
  expires_in: number
  resource_server: string
  scope: string
  state?: string
  refresh_token?: string
  id_token?: string
  other_tokens: Omit<TokenDocument, 'id_token' | 'other_tokens'>[]
}

export function createRig(options: EmulatorOptions = {}): Rig {
  const lines: string[] = []
  const emulator = createEmulator({ log: (line) => lines.push(line), ...options })
  const browser = createUserAgent({ fetch: emulator.fetch })
  const authorizeUrl: Rig['authorizeUrl'] = (changes = {}) => {
    const url = new URL('/v2/oauth2/authorize', emulator.origin)
    const parameters = {
      client_id: demo.clients.portal,
      redirect_uri: PORTAL_REDIRECT,
      response_type: 'code',
      state: 'state-1',
    }
    for (const [name, value] of Object.entries({ ...parameters, scope: 'openid profile email', ...changes })) {
      if (value !== undefined) url.searchParams.set(name, value)
    }
    return url
  }
  const code: Rig['code'] = async (changes) => {
    const back = await browser.authorize(authorizeUrl(changes), { as: demo.people.maya })
    return back.searchParams.get('code') ?? ''
  }
  const post: Rig['post'] = (path, form, client = demo.clients.portal) =>
    emulator.fetch(
      new Request(new URL(path, emulator.origin), {
        method: 'POST',
        body: new URLSearchParams(form),
        headers: { authorization: basic(client, secretOf(emulator, client)) },
      }),
    )
  const redeem: Rig['redeem'] = (value, changes, client) =>
    post(
      '/v2/oauth2/token',
      { grant_type: 'authorization_code', code: value, redirect_uri: PORTAL_REDIRECT, ...changes },
      client,
    )
  const login: Rig['login'] = async (changes) => tokensOf(await redeem(await code(changes)))
  return { emulator, browser, lines, authorizeUrl, code, post, redeem, login }
}

export const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`

export const secretOf = (emulator: Emulator, client: string): string => emulator.world.clients.secrets(client)[0] ?? ''

export async function tokensOf(response: Response): Promise<TokenDocument> {
  if (response.status !== 200) throw new Error(`status ${response.status}: ${await response.text()}`)
  return json<TokenDocument>(response)
}

export const claimsOf = (jwt: string | undefined): Record<string, unknown> => {
  const claims: unknown = JSON.parse(Buffer.from(jwt?.split('.')[1] ?? '', 'base64url').toString())
  // A JSON Web Token's second part is an object, or the test fails on its first key.
  return claims as Record<string, unknown>
}
