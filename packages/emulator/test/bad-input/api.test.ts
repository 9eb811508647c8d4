import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { demo } from '../../src/index.ts'
import { createRig, TRANSFER, type Rig } from '../support.ts'
import {
  allowTime,
  documents,
  everyCase,
  failed,
  keysOf,
  known,
  nasty,
  parameters,
  unless,
  words,
  type Problems,
} from './families.ts'

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

const document = documents(
  words(`project client scope policy credential name display_name contact_email admin_ids project_id
    description scope_suffix dependent_scopes redirect_uris links public_client client_type
    template_id domain_constraints_include authentication_assurance_timeout`),
)

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

/** An answer in JSON; a refusal has those keys. */
async function problemsOf(response: Response, shape: readonly string[]): Promise<Problems> {
  const text = await response.text()
  const keys = keysOf(text)
  const isShaped = response.ok || shape.every((key) => keys.includes(key))
  return [...unless(!failed(response), `status ${response.status}`), ...unless(isShaped, `body ${text.slice(0, 200)}`)]
}

test('SEC-108 the APIs answer documents and queries of any shape with JSON in the shape of their errors', async () => {
  const query = parameters(['ids', 'usernames', 'domains', 'scope_strings', 'provision', 'all', 'fqdn'])
  const family = fc.tuple(
    fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
    path,
    query,
    fc.oneof(document, enveloped, enveloped),
    fc.constantFrom('right', 'none', 'wrong'),
  )
  await expect(
    everyCase(family, async ([method, address, pairs, body, kind]) => {
      const url = `${rig.emulator.origin}${address}?${new URLSearchParams(pairs)}`
      const headers: Record<string, string> =
        kind === 'none' ? {} : { authorization: kind === 'right' ? `Bearer ${token}` : 'Bearer x' }
      const init = method === 'GET' ? { headers } : { method, headers, body: JSON.stringify(body) }
      return problemsOf(await rig.emulator.fetch(new Request(url, init)), ['error'])
    }),
  ).resolves.toBeUndefined()
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
  const body = documents(
    words(`DATA_TYPE DATA submission_id source_endpoint destination_endpoint endpoint path recursive
    source_path destination_path sync_level filter_rules deadline label old_path new_path`),
  )
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
  await expect(
    everyCase(fc.tuple(methods, address, query, body), async ([method, where, pairs, sent]) => {
      const url = `${rig.emulator.origin}/v0.10/${where}?${new URLSearchParams(pairs)}`
      const headers = { authorization: `Bearer ${transferToken}`, 'content-type': 'application/json' }
      const init = method === 'GET' ? { headers } : { method, headers, body: JSON.stringify(sent) }
      const response = await rig.emulator.fetch(new Request(url, init))
      return problemsOf(response, response.status === 501 ? ['error'] : ['code', 'message', 'request_id'])
    }),
  ).resolves.toBeUndefined()
})

test('the APIs answer bodies of any bytes with 400', async () => {
  await expect(
    everyCase(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      const request = new Request(`${rig.emulator.origin}/v2/api/projects`, {
        method: 'POST',
        body: Buffer.from(bytes),
        headers: { authorization: `Bearer ${token}` },
      })
      const { status } = await rig.emulator.fetch(request)
      return unless(status === 400, `status ${status}`)
    }),
  ).resolves.toBeUndefined()
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
  const names = words(`next identity account app consent name type redirect_uris project client_id redirect_uri`)
  const paths = fc.constantFrom('/p/sign-in', '/p/mfa', '/v2/web/consents', '/v2/web/identities', '/v2/web/developers')
  await expect(
    everyCase(fc.tuple(paths, parameters(names), fc.boolean()), async ([address, pairs, posts]) => {
      const body = new URLSearchParams(pairs)
      const post = posts && address !== '/v2/web/identities'
      const url = rig.emulator.origin + (post ? address : `${address}?${body}`)
      const response = await rig.browser.request(url, post ? { method: 'POST', body } : {})
      const location = response.headers.get('location') ?? '/p/'
      const isKnown = /^\/(p|v2\/web)\//.test(location)
      return [...unless(!failed(response), `status ${response.status}`), ...unless(isKnown, `leads to ${location}`)]
    }),
  ).resolves.toBeUndefined()
})

test('none of this was a defect', () => {
  expect(rig.lines.length).toBeGreaterThan(1000)
  expect(rig.lines.filter((line) => line.includes('defect'))).toEqual([])
})
