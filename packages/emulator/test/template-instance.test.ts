import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { demo } from '../src/index.ts'
import { basic, createRig, json, matching, tokensOf, type Rig } from './support.ts'

let rig: Rig

beforeEach(() => {
  rig = createRig()
})

afterEach(() => rig.emulator.close())

const api = (method: string, path: string, body?: unknown, authorization?: string): Promise<Response> =>
  rig.emulator.fetch(
    new Request(`${rig.emulator.origin}/v2/api/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: authorization === undefined ? {} : { authorization },
    }),
  )

interface Instance {
  client: { id: string; parent_client: string }
  included: { client_credential: { client: string; secret: string } }
  [key: string]: unknown
}

const create = async (): Promise<Instance> => {
  const response = await api('POST', 'clients', { client: { template_id: demo.clients.cli, name: 'Globus CLI' } })
  expect(response.status).toBe(201)
  return json<Instance>(response)
}

const own = ({ included: { client_credential: credential } }: Instance): string =>
  basic(credential.client, credential.secret)

const tokensFor = async (
  instance: Instance,
  redirectUri: string,
  extra: Record<string, string> = {},
): Promise<Response> => {
  const url = rig.authorizeUrl({ client_id: instance.client.id, redirect_uri: redirectUri, ...extra })
  const back = await rig.browser.authorize(url, { as: demo.people.maya })
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    code: back.searchParams.get('code') ?? '',
    redirect_uri: redirectUri,
  })
  const headers = { authorization: own(instance) }
  return rig.emulator.fetch(new Request(`${rig.emulator.origin}/v2/oauth2/token`, { method: 'POST', body, headers }))
}

describe('an instance of a native template', () => {
  test('is made without authentication, with its secret where globus-cli looks', async () => {
    const instance = await create()
    expect(instance.client).toEqual({
      id: matching(/^[0-9a-f-]{36}$/),
      name: 'Globus CLI',
      project: null,
      client_type: 'confidential_client',
      public_client: false,
      grant_types: ['authorization_code', 'client_credentials', 'refresh_token'],
      redirect_uris: [],
      scopes: [],
      fqdns: [],
      links: { privacy_policy: null, terms_and_conditions: null },
      required_idp: null,
      preselect_idp: null,
      parent_client: demo.clients.cli,
      visibility: 'private',
      prompt_for_named_grant: false,
      userinfo_from_effective_identity: true,
    })
    expect(instance.included.client_credential).toMatchObject({
      client: instance.client.id,
      name: 'Auto-created at client creation',
      secret: matching(/^[A-Za-z0-9+/]{43}=$/),
    })
  })

  test.each(['http://localhost:49152', 'http://127.0.0.1:8081', 'http://127.0.0.1:8889/v2/web/auth-code'])(
    'may use the native redirect %s without registering it',
    async (redirectUri) => {
      expect(await tokensOf(await tokensFor(await create(), redirectUri))).toMatchObject({ token_type: 'Bearer' })
    },
  )

  test('has its tokens revoked by the template’s id alone', async () => {
    const instance = await create()
    const { refresh_token: refreshToken = '' } = await tokensOf(
      await tokensFor(instance, 'http://localhost:1', { access_type: 'offline' }),
    )
    const body = new URLSearchParams({ token: refreshToken, client_id: demo.clients.cli })
    const request = new Request(`${rig.emulator.origin}/v2/oauth2/token/revoke`, { method: 'POST', body })
    expect(await (await rig.emulator.fetch(request)).json()).toEqual({ active: false })
    const validate = new Request(`${rig.emulator.origin}/v2/oauth2/token/validate`, {
      method: 'POST',
      body: new URLSearchParams({ token: refreshToken }),
      headers: { authorization: own(instance) },
    })
    expect(await (await rig.emulator.fetch(validate)).json()).toEqual({ active: false })
  })

  test('deletes itself with its own credentials, and its tokens and logins go along', async () => {
    const instance = await create()
    const { access_token: token } = await tokensOf(await tokensFor(instance, 'http://localhost:1'))
    const first = await rig.browser.request(
      rig.authorizeUrl({ client_id: instance.client.id, redirect_uri: 'http://localhost:1', prompt: 'login' }),
    )
    expect(
      (await api('DELETE', `clients/${instance.client.id}`, undefined, basic(instance.client.id, 'wrong'))).status,
    ).toBe(401)
    expect(await json(await api('DELETE', `clients/${instance.client.id}`, undefined, own(instance)))).toMatchObject({
      client: { id: instance.client.id },
    })
    expect(rig.emulator.world.tokens.findLive(token, rig.emulator.clock.now())).toBeUndefined()
    expect(rig.emulator.world.identities.find(instance.client.id)?.status).toBe('closed')
    expect(rig.emulator.world.consents.ofIdentity(demo.people.maya)).toEqual([])
    expect((await api('GET', `clients/${instance.client.id}`, undefined, own(instance))).status).toBe(401)
    const begun = await rig.browser.request(new URL(first.headers.get('location') ?? '', rig.emulator.origin))
    expect(await begun.text()).toContain('LOGIN_ATTEMPT_EXPIRED')
  })

  test('cannot delete another', async () => {
    const [one, other] = [await create(), await create()]
    expect((await api('DELETE', `clients/${other.client.id}`, undefined, own(one))).status).toBe(403)
  })

  test.each([
    [{ client: { template_id: demo.clients.portal, name: 'x' } }, 400],
    [{ client: { template_id: 'nonsense', name: 'x' } }, 400],
    [{ client: { template_id: demo.clients.cli } }, 400],
    [{ client: { name: 'x', public_client: true, project: demo.projects.harbour } }, 401],
    [{}, 400],
    [[], 400],
  ])('is not made from %j', async (body, status) => {
    expect((await api('POST', 'clients', body)).status).toBe(status)
  })
})
