import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sqliteStore } from '../../src/session-store/sqlite.ts'
import { adapters, type App } from '../support/adapters.ts'
import type { WireAnswer } from '../support/browser.ts'
import { ben } from '../support/provider.ts'
import { createRig, logIn, start, type Rig, type RigOptions } from '../support/rig.ts'

const day = 24 * 3600 * 1000
const app: App = ({ path, method, require }) => {
  if (path === '/csrf') return { body: require().csrfToken }
  if (path === '/note') return { body: `${method} by ${require().claims.sub}` }
  return { body: 'elsewhere' }
}

/** Somebody with a page of a session that has ended by itself since. */
async function expired(options: RigOptions = {}): Promise<Rig & { token: string }> {
  const rig = await createRig({ app, ...options })
  await logIn(rig)
  const { body: token } = await rig.browser.visit('/csrf')
  await rig.clock.advance(day + 1000)
  return { ...rig, token }
}

const send = (rig: Rig & { token: string }, headers: Record<string, string> = {}): Promise<WireAnswer> =>
  rig.browser.visit('/note?page=2', { method: 'POST', form: { csrf_token: rig.token, note: 'spring tide' }, headers })

/** Logs in where an answer leads, and opens what the login leads back to. */
async function comeBack(rig: Rig, answer: WireAnswer, who?: typeof ben): Promise<WireAnswer> {
  const address = await start(rig.browser, answer.headers.get('location') ?? '')
  const back = await rig.browser.visit(rig.provider.approve(address, who))
  return rig.browser.visit(back.headers.get('location') ?? '')
}

describe.each(Object.entries(adapters))('a form that meets an expired session, with %s', (_name, mount) => {
  it.each(['store', 'cookie'] as const)(
    'waits until its sender is back and confirms it, sessions in: %s',
    async (kind) => {
      const rig = await expired({ mount, ...(kind === 'cookie' && { store: 'cookie' as const }) })
      const sent = await send(rig)
      expect(sent.status).toBe(303)
      const page = await comeBack(rig, sent)
      expect(page.body).toContain('It was not done yet')
      expect(/action="([^"]*)"/.exec(page.body)?.[1]).toBe('/note?page=2')
      const fields = Object.fromEntries(
        [...page.body.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
      )
      expect(fields['note']).toBe('spring tide')
      expect((await rig.browser.visit('/note', { method: 'POST', form: fields })).body).toMatch(/^POST by 1111/)
    },
  )
})

describe('a form that meets an expired session', () => {
  it('is shown to nobody else', async () => {
    const rig = await expired()
    const page = await comeBack(rig, await send(rig), ben)
    expect([page.status, page.body.includes('identity_mismatch'), page.body.includes('spring')]).toEqual([
      403,
      true,
      false,
    ])
  })

  it('is not kept without the token of that session, from elsewhere, or from a script', async () => {
    const rig = await expired()
    const other = await expired()
    const refusals = [
      await send({ ...rig, token: '' }),
      await send({ ...rig, token: other.token }),
      await send(rig, { origin: 'https://evil.example' }),
      await send(rig, { origin: 'null' }),
      await rig.browser.visit('/note', { method: 'POST', fetch: true, form: { csrf_token: rig.token } }),
      await rig.browser.visit('/note', { method: 'DELETE', form: { csrf_token: rig.token } }),
      await send(rig, { 'content-type': 'text/plain' }),
    ]
    expect(refusals.map(({ status }) => status)).toEqual(refusals.map(() => 401))
    expect(refusals.map(({ headers }) => headers.get('location'))).toEqual(refusals.map(() => null))
  })

  it('is not kept for a cookie that is not ours, or for none', async () => {
    const rig = await expired()
    const [[name = '', value = ''] = []] = rig.browser.cookies
    rig.browser.cookies.set(name, `${value.slice(0, -4)}AAAA`)
    expect((await send(rig)).status).toBe(401)
    rig.browser.cookies.clear()
    expect((await send(rig)).status).toBe(401)
  })

  it('is kept no longer than ten minutes', async () => {
    const rig = await expired()
    const address = await start(rig.browser, (await send(rig)).headers.get('location') ?? '')
    await rig.clock.advance(300_000)
    const back = await rig.browser.visit(rig.provider.approve(address))
    await rig.clock.advance(300_001)
    expect((await rig.browser.visit(back.headers.get('location') ?? '')).body).toContain('form_expired')
  })

  it('is kept in the store that the sessions are in', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pierhead-form-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const rig = await expired({ store: (now) => sqliteStore(join(folder, 'sessions.db'), { now }) })
    const page = await comeBack(rig, await send(rig))
    expect(page.body).toContain('spring tide')
  })

  it('is kept also when a token is gone for good while the session lives', async () => {
    const transfer = 'transfer.api.globus.org'
    const rig = await createRig({
      app: async ({ path, require }) =>
        path === '/csrf' ? { body: require().csrfToken } : { body: await require().accessToken(transfer) },
    })
    rig.provider.behave.expiresIn = 3600
    await logIn(rig)
    const { body: token } = await rig.browser.visit('/csrf')
    await rig.clock.advance(3_700_000)
    rig.provider.behave.fail.token = 'invalid_grant'
    const sent = await rig.browser.visit('/note', { method: 'POST', form: { csrf_token: token, note: 'neap tide' } })
    rig.provider.behave.fail = {}
    expect((await comeBack(rig, sent)).body).toContain('neap tide')
  })
})
