import { afterEach, describe, expect, test } from 'vitest'
import { createEmulator, demo, parseSeed, type Emulator } from '../src/index.ts'

let emulator: Emulator | undefined

afterEach(() => {
  emulator?.close()
  emulator = undefined
})

const id = '11111111-2222-4333-8444-555555555555'
const client = { id, name: 'x', client_type: 'confidential_client', redirect_uris: [] }

describe('a seed that is wrong is refused, naming the key', () => {
  test.each([
    ['{', 'The seed is not JSON'],
    ['[]', 'the document'],
    [{ people: [] }, 'people'],
    [{ identities: [{ id: 'x', username: 'a@b' }] }, 'identities.0.id'],
    [{ identities: [{ id, username: 'no-domain' }] }, 'identities.0.username: must look like name@domain'],
    [{ clients: [{ ...client, client_type: 'magic' }] }, 'clients.0.client_type'],
    [{ clients: [{ ...client, redirect_uris: ['http://x.example/'] }] }, 'clients.0.redirect_uris.0: uses http'],
    [
      { clients: [{ ...client, redirect_uris: ['https://x.example/#a'] }] },
      'clients.0.redirect_uris.0: has a fragment',
    ],
    [{ clients: [{ ...client, redirect_uris: ['/login'] }] }, 'clients.0.redirect_uris.0: is not an absolute address'],
    [
      { clients: [{ ...client, redirect_uris: ['javascript:alert(1)'] }] },
      'clients.0.redirect_uris.0: uses the scheme',
    ],
    [{ clients: [{ ...client, privacy_policy: 'javascript:alert(1)' }] }, 'clients.0.privacy_policy'],
    [{ scopes: [{ id, scope_string: 'a b', client: id, description: '' }] }, 'scopes.0.scope_string'],
  ])('%j', (seed, message) => {
    expect(() => parseSeed(typeof seed === 'string' ? seed : JSON.stringify(seed))).toThrow(message)
  })
})

describe('a seed that points at nothing is refused', () => {
  test.each([
    [{ identities: [{ id, username: 'sam@nowhere.example' }] }, 'no identity provider has the domain nowhere.example'],
    [{ identities: [{ id, username: 'maya.okafor@harbour.example' }] }, 'has this username'],
    [{ identities: [{ id, username: 'x@orcid.org', linked_to: id.replace('1', '2') }] }, 'linked_to'],
    [{ clients: [{ ...client, client_type: 'public_webapp_client', client_secret: 's' }] }, 'has no client_secret'],
    [{ scopes: [{ id, scope_string: 'a', client: id, description: '' }] }, `client ${id} does not exist`],
    [
      {
        scopes: [
          { id, scope_string: 'a', client: demo.clients.tideApi, description: '', dependent_scopes: [{ scope: 'b' }] },
        ],
      },
      'dependent scope b does not exist',
    ],
  ])('%j', (seed, message) => {
    expect(() => createEmulator({ seed: parseSeed(JSON.stringify(seed)) })).toThrow(message)
  })
})

test('a seed may bring its own identity provider', () => {
  const seed = {
    identity_providers: [{ id, name: 'Test Institute', short_name: 'test', domains: ['test.example'] }],
    identities: [{ id, username: 'ada@test.example', name: 'Ada' }],
  }
  emulator = createEmulator({ seed: parseSeed(JSON.stringify(seed)) })
  expect(emulator.world.identities.find(id)).toMatchObject({
    identityProvider: id,
    primaryIdentity: id,
    status: 'used',
  })
})

test('a client that has a secret is somebody, too', () => {
  emulator = createEmulator()
  expect(emulator.world.identities.find(demo.clients.portal)).toMatchObject({
    username: `${demo.clients.portal}@clients.auth.globus.org`,
    name: 'Harbour Portal',
    email: null,
  })
  expect(emulator.world.identities.people().map(({ id: person }) => person)).not.toContain(demo.clients.portal)
})
