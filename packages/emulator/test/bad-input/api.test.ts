import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demo } from '../../src/index.ts'
import { createRig, TRANSFER, type Rig } from '../support.ts'
import { allowTime, documents, everyCase, known, nasty, parameters } from './families.ts'

allowTime()

let rig: Rig
let token = ''
let transferToken = ''

const AUTH = 'urn:globus:auth:scope:auth.globus.org:'

beforeAll(async () => {
  rig = createRig()
  const tokens = await rig.login({ scope: `openid ${AUTH}manage_projects ${AUTH}view_consents ${TRANSFER}` })
  token = tokens.access_token
  transferToken = tokens.other_tokens[0]?.access_token ?? ''
})

afterAll(() => rig.emulator.close())

const { harbour } = demo.projects

const document = documents([
  ...['project', 'client', 'scope', 'policy', 'credential', 'name', 'display_name', 'contact_email', 'admin_ids'],
  ...['project_id', 'description', 'scope_suffix', 'dependent_scopes', 'redirect_uris', 'links', 'public_client'],
  ...['client_type', 'template_id', 'domain_constraints_include', 'authentication_assurance_timeout'],
])

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

const path = fc
  .tuple(
    fc.constantFrom('projects', 'clients', 'scopes', 'policies', 'identities', 'identity_providers'),
    fc.option(fc.oneof(known, nasty), { nil: undefined }),
    fc.constantFrom('', '/credentials', '/scopes', '/consents', '/credentials/x'),
  )
  .map(([collection, id, rest]) => `/v2/api/${collection}${id === undefined ? '' : `/${encoded(id)}${rest}`}`)

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed())

/** 501 is for addresses that do not exist, such as a POST to /identities. */
const statusOf = ({ status }: Response): number => (status === 501 ? 404 : status)

const keysOf = (answer: unknown): string[] => (typeof answer === 'object' && answer !== null ? Object.keys(answer) : [])

test('SEC-108 the APIs answer documents and queries of any shape with JSON in the shape of their errors', async () => {
  const query = parameters(['ids', 'usernames', 'domains', 'scope_strings', 'provision', 'all', 'fqdn'])
  const family = fc.tuple(
    fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
    path,
    query,
    fc.oneof(document, enveloped, enveloped),
    fc.constantFrom('right', 'none', 'wrong'),
  )
  await everyCase(family, async ([method, address, pairs, body, kind]) => {
    const url = `${rig.emulator.origin}${address}?${new URLSearchParams(pairs)}`
    const headers: Record<string, string> =
      kind === 'none' ? {} : { authorization: kind === 'right' ? `Bearer ${token}` : 'Bearer x' }
    const init = method === 'GET' ? { headers } : { method, headers, body: JSON.stringify(body) }
    const response = await rig.emulator.fetch(new Request(url, init))
    const answer: unknown = await response.json()
    expect(statusOf(response)).toBeLessThan(500)
    if (response.status >= 400) expect(keysOf(answer)).toEqual(expect.arrayContaining(['error']))
  })
})

test('Transfer answers documents and queries of any shape with JSON in the shape of its errors', async () => {
  const operations = fc.constantFrom('mkdir', 'rename', 'ls', 'stat', 'access_list', 'role_list')
  const about = fc
    .tuple(fc.oneof(known, nasty), operations)
    .map(([id, name]) => `operation/endpoint/${encoded(id)}/${name}`)
  const address = fc.oneof(
    fc.constantFrom('transfer', 'delete', 'submission_id', 'endpoint_search', 'task_list', 'bookmark_list'),
    about,
    fc.tuple(fc.constantFrom('task', 'endpoint', 'bookmark'), nasty).map(([kind, id]) => `${kind}/${encoded(id)}`),
  )
  const body = documents([
    ...[
      'DATA_TYPE',
      'DATA',
      'submission_id',
      'source_endpoint',
      'destination_endpoint',
      'endpoint',
      'path',
      'recursive',
    ],
    ...['source_path', 'destination_path', 'sync_level', 'filter_rules', 'deadline', 'label', 'old_path', 'new_path'],
  ])
  const query = parameters([
    'path',
    'filter',
    'limit',
    'offset',
    'orderby',
    'show_hidden',
    'filter_scope',
    'filter_fulltext',
  ])
  const methods = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE')
  await everyCase(fc.tuple(methods, address, query, body), async ([method, where, pairs, sent]) => {
    const url = `${rig.emulator.origin}/v0.10/${where}?${new URLSearchParams(pairs)}`
    const headers = { authorization: `Bearer ${transferToken}`, 'content-type': 'application/json' }
    const init = method === 'GET' ? { headers } : { method, headers, body: JSON.stringify(sent) }
    const response = await rig.emulator.fetch(new Request(url, init))
    const answer: unknown = await response.json()
    expect(statusOf(response)).toBeLessThan(500)
    const shape = response.status === 501 ? ['error'] : ['code', 'message', 'request_id']
    if (response.status >= 400) expect(keysOf(answer)).toEqual(expect.arrayContaining(shape))
  })
})

test('the APIs answer bodies of any bytes with 400', async () => {
  await everyCase(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
    const request = new Request(`${rig.emulator.origin}/v2/api/projects`, {
      method: 'POST',
      body: Buffer.from(bytes),
      headers: { authorization: `Bearer ${token}` },
    })
    expect((await rig.emulator.fetch(request)).status).toBe(400)
  })
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
    ...['next', 'identity', 'account', 'app', 'consent', 'name', 'type', 'redirect_uris', 'project'],
    ...['client_id', 'redirect_uri'],
  ]
  const paths = fc.constantFrom('/p/sign-in', '/p/mfa', '/v2/web/consents', '/v2/web/identities', '/v2/web/developers')
  await everyCase(fc.tuple(paths, parameters(names), fc.boolean()), async ([address, pairs, posts]) => {
    const body = new URLSearchParams(pairs)
    const post = posts && address !== '/v2/web/identities'
    const url = rig.emulator.origin + (post ? address : `${address}?${body}`)
    const response = await rig.browser.request(url, post ? { method: 'POST', body } : {})
    expect(response.status).toBeLessThan(500)
    expect(response.headers.get('location') ?? '/p/').toMatch(/^\/(p|v2\/web)\//)
  })
})

test('none of this was a defect', () => {
  expect(rig.lines.length).toBeGreaterThan(1000)
  expect(rig.lines.filter((line) => line.includes('defect'))).toEqual([])
})
