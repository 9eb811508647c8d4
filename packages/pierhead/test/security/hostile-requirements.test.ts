import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { requirementsIn, scopes } from '../../src/globus.ts'
import { clientId } from '../support/provider.ts'
import { createRig, logIn, redirectUri, type Rig } from '../support/rig.ts'

/** What an authorization request of the kit may hold, and nothing else. */
const parameters = new Set([
  'access_type',
  'client_id',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'prompt',
  'redirect_uri',
  'response_type',
  'scope',
  'session_message',
  'session_required_identities',
  'session_required_mfa',
  'session_required_policies',
  'session_required_single_domain',
  'state',
])

const hostile = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.constantFrom(
    'https://evil.example/callback',
    '//evil.example',
    'x&client_id=evil',
    'x#&redirect_uri=https://evil.example',
    'openid\r\nlocation: https://evil.example',
    'a b&scope=all',
    'a@evil.example,b@evil.example',
    'none',
    'consent',
    '[',
    ']] [[',
    'urn:globus:auth:scope:transfer.api.globus.org:all[*https://auth.globus.org/scopes/x/data_access]',
  ),
)
const value = fc.oneof(hostile, fc.array(hostile, { maxLength: 4 }), fc.boolean(), fc.object({ maxDepth: 1 }))
const others = ['required_scopes', 'login_url', '__proto__', 'authorization_endpoint', 'token_endpoint']
const names = fc.constantFrom(...parameters, ...others)
const body = fc.record({
  code: hostile,
  message: hostile,
  client_id: hostile,
  redirect_uri: hostile,
  required_scopes: value,
  authorization_parameters: fc
    .array(fc.tuple(names, value), { minLength: 1, maxLength: 8 })
    .map((entries): unknown => JSON.parse(JSON.stringify(Object.fromEntries(entries)))),
})

/** Where the browser is sent for what a service wrote; undefined when it asks for nothing. */
async function requestFor(rig: Rig, document: unknown): Promise<URL | undefined> {
  const error = requirementsIn('transfer', document)
  if (error === undefined) return undefined
  const cookie = [...rig.browser.cookies].map(([name, text]) => `${name}=${text}`).join('; ')
  const header = (name: string): string | undefined => (name === 'cookie' ? cookie : undefined)
  const visit = await rig.login.open({ method: 'GET', target: '/', header })
  const { headers, status } = await rig.browser.copy().visit(visit.requestUrl(error, '/work'))
  expect(status).toBe(302)
  return new URL(headers.get('location') ?? '')
}

describe('whatever a service writes into an error', () => {
  it(
    'SEC-17 C12 the authorization request stays one of ours: parameters, client, address',
    { timeout: 60_000 },
    async () => {
      const rig = await createRig()
      await logIn(rig)
      let asked = 0
      await fc.assert(
        fc.asyncProperty(body, async (document) => {
          const url = await requestFor(rig, document)
          if (url === undefined) return
          asked += 1
          expect(url.origin).toBe(rig.provider.issuer)
          expect(url.hash).toBe('')
          const { searchParams: query } = url
          expect([...query.keys()].filter((name) => !parameters.has(name))).toEqual([])
          expect(new Set(query.keys()).size).toBe(query.size)
          expect([query.get('client_id'), query.get('redirect_uri')]).toEqual([clientId, redirectUri])
          expect([query.get('response_type'), query.get('code_challenge_method')]).toEqual(['code', 'S256'])
          expect([null, 'login']).toContain(query.get('prompt'))
          expect(query.get('scope')?.split(' ')).toEqual(expect.arrayContaining([scopes.openid, scopes.transfer.all]))
          // Only the words for the person are free text, and they are shown as text.
          const lists = [...query].filter(([name]) => name.startsWith('session_required'))
          expect(lists.filter(([, text]) => !/^[\w.%+@,-]*$/.test(text))).toEqual([])
        }),
        { numRuns: 200 },
      )
      expect(asked).toBeGreaterThan(50)
    },
  )
})
