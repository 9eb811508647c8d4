import { afterEach, beforeEach, expect, test } from 'vitest'
import { demo } from '../src/index.ts'
import { createRig, tokensOf, TRANSFER, type Rig } from './support.ts'

let rig: Rig

beforeEach(() => {
  rig = createRig()
})

afterEach(() => rig.emulator.close())

const GROUPS = 'urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships'
const SEARCH = 'urn:globus:auth:scope:search.api.globus.org:search'

const { maya } = demo.people

const authorize = (scope: string, decline: string[] = [], extra: Record<string, string> = {}): Promise<URL> =>
  rig.browser.authorize(rig.authorizeUrl({ scope, ...extra }), { as: maya, decline })

const allowed = (): string[] =>
  rig.emulator.world.consents.list({ client: demo.clients.portal, identity: maya }).map(({ scope }) => scope)

const scopesFrom = async (back: URL): Promise<string[]> => {
  const { scope, other_tokens } = await tokensOf(await rig.redeem(back.searchParams.get('code') ?? ''))
  return [scope, ...other_tokens.map((other) => other.scope)]
}

test('each optional dependency can be declined without losing the rest', async () => {
  const back = await authorize(`openid ${TRANSFER}[*${GROUPS} *${SEARCH}]`, [GROUPS])
  expect(await scopesFrom(back)).toEqual(['openid', TRANSFER])
  expect(allowed()).toEqual(['openid', TRANSFER, SEARCH])
})

test('a declined optional scope at the root gives no token', async () => {
  expect(await scopesFrom(await authorize(`openid *${GROUPS}`, [GROUPS]))).toEqual(['openid'])
})

test('what hangs below a declined scope is declined with it', async () => {
  await authorize(`${TRANSFER}[*${GROUPS}[${SEARCH}]]`, [GROUPS])
  expect(allowed()).toEqual([TRANSFER])
})

test('declining everything is a denial', async () => {
  const back = await authorize(`*${GROUPS}`, [GROUPS])
  expect(back.searchParams.get('error')).toBe('access_denied')
  expect(allowed()).toEqual([])
})

test('a declined scope is asked for again, and what was allowed stays', async () => {
  await authorize(`openid *${SEARCH}`)
  await authorize(`openid *${GROUPS} *${SEARCH}`, [GROUPS, SEARCH])
  expect(allowed()).toEqual(['openid', SEARCH])
  const silent = await rig.browser.request(rig.authorizeUrl({ scope: `openid *${GROUPS}`, prompt: 'none' }))
  expect(silent.headers.get('location')).toContain('error=consent_required')
})

test('a required scope has no checkbox, and a form cannot leave it out', async () => {
  const first = await rig.browser.request(rig.authorizeUrl({ scope: `${TRANSFER}[*${GROUPS}]` }))
  const request = new URL(first.headers.get('location') ?? '', rig.emulator.origin).searchParams.get('request') ?? ''
  const send = (path: string, form: Record<string, string>): Promise<Response> =>
    rig.browser.request(`${rig.emulator.origin}${path}`, {
      method: 'POST',
      body: new URLSearchParams({ request, ...form }),
    })
  await send('/p/login', { identity: maya })
  const page = await (await rig.browser.request(`${rig.emulator.origin}/p/consent?request=${request}`)).text()
  expect(Array.from(page.matchAll(/type="checkbox" name="([^"]*)" value="([^"]*)"/g), ([, ...box]) => box)).toEqual([
    ['allow.0.0', GROUPS],
  ])
  // A value that names another scope than the page showed allows nothing.
  await send('/p/consent', { account: maya, decision: 'allow', 'allow.0.0': SEARCH, 'allow.0': 'nonsense' })
  expect(allowed()).toEqual([TRANSFER])
})

test('a code is worth nothing once the consent behind it was withdrawn', async () => {
  const back = await authorize('openid')
  rig.emulator.world.consents.rescind({ client: demo.clients.portal })
  const response = await rig.redeem(back.searchParams.get('code') ?? '')
  expect([response.status, await response.json()]).toEqual([400, { error: 'invalid_grant' }])
})
