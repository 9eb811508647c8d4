import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  ControlError,
  createControlClient,
  demo,
  startEmulator,
  type ControlClient,
  type RunningEmulator,
} from '../src/index.ts'
import { ANY_STRING, PORTAL_REDIRECT, TRANSFER } from './support.ts'

let emulator: RunningEmulator
let control: ControlClient

beforeEach(async () => {
  emulator = await startEmulator({ port: 0, control: true })
  control = createControlClient(emulator.info())
})

afterEach(() => emulator.close())

const { portal } = demo.clients
const { maya, zoe } = demo.people

const userinfo = async (token: string): Promise<number> => {
  const response = await fetch(`${emulator.origin}/v2/oauth2/userinfo`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return response.status
}

const login = async (identity: string = maya) =>
  control.tokens({ client: portal, identity, scopes: ['openid', TRANSFER] })

const address = (): string => {
  const url = new URL('/v2/oauth2/authorize', emulator.origin)
  const parameters = { client_id: portal, redirect_uri: PORTAL_REDIRECT, response_type: 'code', scope: 'openid' }
  url.search = new URLSearchParams(parameters).toString()
  return url.href
}

test('an emulator without control has no client', () => {
  expect(() => createControlClient({})).toThrow(
    new TypeError('This emulator has no control API: start it with --control'),
  )
})

test('tokens are given without a login, and die with what ends them', async () => {
  const { access_token, id_token } = await login()
  expect(id_token).toEqual(ANY_STRING)
  expect(await userinfo(access_token)).toBe(200)
  expect(await control.rescind({ identity: zoe })).toEqual({ consents: 0, tokens: 0 })
  expect(await control.rescind({ client: portal, identity: maya })).toEqual({ consents: 2, tokens: 4 })
  expect(await userinfo(access_token)).toBe(401)
})

test('a login is walked through, and consent can be given beforehand', async () => {
  expect(await control.preApprove({ client: portal, identity: 'Maya Okafor', scopes: 'openid' })).toBe(1)
  expect(await control.authorize({ url: address(), as: 'Maya Okafor' })).toMatchObject({
    code: ANY_STRING,
    error: null,
  })
  expect(await control.requests()).not.toHaveProperty('/p/consent')
  const denied = control.authorize({ url: address(), as: zoe, decision: 'deny' })
  expect(await denied).toMatchObject({ error: 'access_denied' })
  expect(await control.logout()).toBe(2)
})

test('the world is kept and put back, with its key, people and tokens', async () => {
  const key = async (): Promise<unknown> => (await fetch(`${emulator.origin}/jwk.json`)).json()
  const [before, { access_token }] = [await key(), await login()]
  await control.snapshot('logged in')
  await control.rescind()
  await control.rotateKey()
  const person = { id: '3d8a6f10-5c1b-4b7e-8f7a-9a2c0b5d2999', username: 'new@harbour.example', name: 'New' }
  await control.seed({ identities: [person] })
  expect(await userinfo(access_token)).toBe(401)
  await control.restore('logged in')
  expect(await userinfo(access_token)).toBe(200)
  expect(await key()).toEqual(before)
  expect((await control.info()).identities.map(({ id }) => id)).not.toContain(person.id)
  await expect(control.restore('another')).rejects.toThrow('There is no snapshot another')
})

test('people, clients and scopes are added and changed', async () => {
  const id = 'b1f2e3d4-7a65-4c3b-9d2e-1f0a9b8c3999'
  const client = { id, name: 'Added', client_type: 'confidential_client', redirect_uris: [PORTAL_REDIRECT] } as const
  const added = (await control.seed({ clients: [client] })).clients.find(({ client_id }) => client_id === id)
  expect(added).toMatchObject({ name: 'Added', client_secret: ANY_STRING })
  const changed = await control.seed({ clients: [{ ...client, name: 'Changed' }] })
  expect(changed.clients.find(({ client_id }) => client_id === id)).toMatchObject({
    name: 'Changed',
    client_secret: added?.client_secret,
  })
  const wrong = [{ ...client, redirect_uris: ['http://elsewhere.example/'] }]
  await expect(control.seed({ clients: wrong })).rejects.toThrow(ControlError)
  await expect(control.seed({ clients: wrong })).rejects.toThrow('clients.0.redirect_uris.0')
})

describe('time', () => {
  test('passes for one identity only', async () => {
    const [hers, his] = [await login(maya), await login(zoe)]
    expect(await control.age({ what: 'access_tokens', identity: maya }, 172_800)).toBe(2)
    expect(await userinfo(hers.access_token)).toBe(401)
    expect(await userinfo(his.access_token)).toBe(200)
    expect(await control.expire({ what: 'tokens', identity: zoe, client: demo.clients.exampleApp })).toBe(0)
    expect(await control.expire({ what: 'tokens', identity: zoe })).toBe(4)
    expect(await userinfo(his.access_token)).toBe(401)
  })

  test('passes for authentications, also in what introspection tells', async () => {
    const { access_token } = await login()
    const authTime = (): number => {
      const session = emulator.world.tokens.find(access_token)?.authSession ?? ''
      return emulator.world.sessions.findAuthSession(session)?.authentications[0]?.authTime ?? 0
    }
    const before = authTime()
    expect(await control.age({ what: 'authentications', identity: maya }, 3600)).toBe(1)
    expect(before - authTime()).toBe(3_600_000)
    expect(await control.age({ what: 'authentications', identity: zoe }, 3600)).toBe(0)
    expect(await control.expire({ what: 'authentications' })).toBe(1)
    expect(authTime()).toBeLessThan(3_600_000)
  })

  test('ends consents by withdrawing them', async () => {
    const { access_token } = await login()
    expect(await control.expire({ what: 'consents', identity: maya })).toBe(2)
    expect(await userinfo(access_token)).toBe(401)
  })
})

test('faults, wrong ID tokens and behaviour are set and cleared', async () => {
  await control.fault('userinfo', { kind: 'answer', status: 503 }, 2)
  const { access_token } = await login()
  expect(await userinfo(access_token)).toBe(503)
  await control.clearFaults()
  expect(await userinfo(access_token)).toBe(200)
  await control.idToken('not-a-jwt')
  expect((await login()).id_token).toBe('not-a-jwt')
  expect(await control.setBehaviour({ accessTokenLifetime: 5 })).toMatchObject({ accessTokenLifetime: 5 })
  expect((await login()).expires_in).toBe(5)
  expect(await control.behaviour()).toMatchObject({ accessTokenLifetime: 5 })
})

test('the census counts live tokens per client and identity, until a reset', async () => {
  await login()
  expect(await control.census()).toContainEqual({
    client: portal,
    identity: maya,
    resourceServer: 'transfer.api.globus.org',
    kind: 'refresh',
    live: 1,
  })
  await control.reset()
  expect(await control.census()).toEqual([])
})

test('a refusal names the command and what is wrong', async () => {
  await expect(control.tokens({ client: 'nobody', identity: maya, scopes: 'openid' })).rejects.toThrow(
    'POST /tokens: There is no client, or more than one, with the id or name nobody',
  )
  await expect(control.authorize({ url: `${address()}&scope=more`, as: maya })).resolves.toMatchObject({
    error: 'invalid_request',
  })
  await expect(control.authorize({ url: `${emulator.origin}/v2/oauth2/authorize`, as: maya })).rejects.toThrow(
    'Missing client_id parameter.',
  )
})

test('an app is registered, and what is wrong with it is named', async () => {
  const redirectUris = ['http://localhost:7000/login']
  const app = await control.registerApp({ name: 'Tide Viewer', type: 'portal', redirectUris })
  expect(emulator.world.clients.find(app.clientId)).toMatchObject({ name: 'Tide Viewer', redirectUris })
  expect(app.env).toContain(`GLOBUS_CLIENT_SECRET=${app.clientSecret}`)
  const wrong = control.registerApp({ name: 'Tide Viewer', type: 'magic', redirectUris })
  await expect(wrong).rejects.toThrow('type must be one of')
})
