import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { demo } from '../src/index.ts'
import { createRig, type Rig } from './support.ts'

vi.setConfig({ testTimeout: 120_000 })

let rig: Rig
let token = ''

const AUTH = 'urn:globus:auth:scope:auth.globus.org:'

beforeAll(async () => {
  rig = createRig()
  token = (await rig.login({ scope: `openid ${AUTH}manage_projects ${AUTH}view_consents` })).access_token
})

afterAll(() => rig.emulator.close())

const RUNS = { numRuns: 500 }

const { harbour } = demo.projects
const known = fc.constantFrom(harbour, demo.people.maya, demo.clients.browserApp, demo.policies.hospital, 'openid')

const nasty = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\0', '../..', "' OR 1=1 --", '<script>', '%00', 'x'.repeat(5000), '__proto__', 'constructor'),
  known,
)

const fields = [
  'project',
  'client',
  'scope',
  'policy',
  'credential',
  'name',
  'display_name',
  'contact_email',
  'admin_ids',
  'project_id',
  'description',
  'scope_suffix',
  'dependent_scopes',
  'redirect_uris',
  'links',
  'public_client',
  'client_type',
  'template_id',
  'domain_constraints_include',
  'authentication_assurance_timeout',
]

const { document } = fc.letrec((tie) => ({
  document: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    fc.oneof(nasty, fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie('document'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...fields), nasty), tie('document'), { maxKeys: 5 }),
  ),
}))

/** A document that is nearly right: the right envelope, with good and bad values in it. */
const enveloped = fc
  .tuple(fc.constantFrom('project', 'client', 'scope', 'policy', 'credential'), document)
  .map(([key, value]) => ({
    [key]: {
      project: harbour,
      project_id: harbour,
      name: 'n',
      display_name: 'd',
      description: 'x',
      contact_email: 'a@b.example',
      scope_suffix: 'suffix',
      ...(typeof value === 'object' && !Array.isArray(value) ? value : { name: value }),
    },
  }))

const collections = ['projects', 'clients', 'scopes', 'policies', 'identities', 'identity_providers']

const path = fc
  .tuple(
    fc.constantFrom(...collections),
    fc.option(fc.oneof(known, nasty), { nil: undefined }),
    fc.constantFrom('', '/credentials', '/scopes', '/consents', '/credentials/x'),
  )
  .map(
    ([collection, id, rest]) =>
      `/v2/api/${collection}${id === undefined ? '' : `/${encodeURIComponent(id.toWellFormed())}${rest}`}`,
  )

test('SEC-108 the APIs answer documents and queries of any shape with JSON in the shape of their errors', async () => {
  const method = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE')
  const authorization = fc.constantFrom('Bearer', 'none', 'nonsense')
  const query = fc.array(
    fc.tuple(fc.constantFrom('ids', 'usernames', 'domains', 'scope_strings', 'provision', 'all', 'fqdn'), nasty),
    {
      maxLength: 3,
    },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(method, path, query),
      fc.oneof(document, enveloped, enveloped),
      authorization,
      async ([verb, address, parameters], body, kind) => {
        const url = `${rig.emulator.origin}${address}?${new URLSearchParams(parameters)}`
        const headers: Record<string, string> =
          kind === 'none' ? {} : { authorization: kind === 'Bearer' ? `Bearer ${token}` : 'Bearer x' }
        const init = verb === 'GET' ? { headers } : { method: verb, headers, body: JSON.stringify(body) }
        const response = await rig.emulator.fetch(new Request(url, init))
        const answer: unknown = await response.json()
        // 501 is for addresses that do not exist, such as a POST to /identities.
        expect(response.status === 501 ? 404 : response.status).toBeLessThan(500)
        expect(response.status < 400 || Object.keys(Object(answer)).includes('error')).toBe(true)
      },
    ),
    RUNS,
  )
})

test('the APIs answer bodies of any bytes with 400', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      const request = new Request(`${rig.emulator.origin}/v2/api/projects`, {
        method: 'POST',
        body: Buffer.from(bytes),
        headers: { authorization: `Bearer ${token}` },
      })
      expect((await rig.emulator.fetch(request)).status).toBe(400)
    }),
    RUNS,
  )
})

test('SEC-103 a document that is too large or too deep is refused', async () => {
  for (const body of [JSON.stringify({ project: 'x'.repeat(70_000) }), '['.repeat(30_000)]) {
    const request = new Request(`${rig.emulator.origin}/v2/api/projects`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${token}` },
    })
    expect((await rig.emulator.fetch(request)).status).toBe(400)
  }
})

test('pages for logged-in people answer forms and queries of any shape with a page', async () => {
  const names = [
    'next',
    'identity',
    'account',
    'app',
    'consent',
    'name',
    'type',
    'redirect_uris',
    'project',
    'client_id',
    'redirect_uri',
  ]
  const paths = fc.constantFrom('/p/sign-in', '/p/mfa', '/v2/web/consents', '/v2/web/identities', '/v2/web/developers')
  const value = fc.oneof(nasty, fc.constantFrom('portal', demo.people.maya))
  await fc.assert(
    fc.asyncProperty(
      paths,
      fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 6 }),
      fc.boolean(),
      async (address, pairs, posts) => {
        const parameters = new URLSearchParams(pairs)
        const post = posts && address !== '/v2/web/identities'
        const url = rig.emulator.origin + (post ? address : `${address}?${parameters}`)
        const response = await rig.browser.request(url, post ? { method: 'POST', body: parameters } : {})
        expect(response.status).toBeLessThan(500)
        const location = response.headers.get('location') ?? '/p/'
        expect(location).toMatch(/^\/(p|v2\/web)\//)
      },
    ),
    RUNS,
  )
})

test('none of this was a defect', () => {
  expect(rig.lines.length).toBeGreaterThan(1000)
  expect(rig.lines.filter((line) => line.includes('defect'))).toEqual([])
})
