import { describe, expect, it } from 'vitest'
import type { WireAnswer } from '../support/browser.ts'
import { createRig, logIn, type Rig, type RigOptions } from '../support/rig.ts'
import { nextSite } from './next-site.ts'

const page = '/pages/action'
const rigged = (options: RigOptions = {}): Promise<Rig> => createRig({ mount: nextSite, ...options })

/** A form of the page, as Next made it for browsers without scripts. */
interface ActionForm {
  /** The name of the field that stands for the action. */
  readonly action: string
  readonly token: string | undefined
}

async function formsOf(rig: Rig): Promise<ActionForm[]> {
  const { body } = await rig.browser.visit(page)
  return [...body.matchAll(/<form\b.*?<\/form>/gs)].map(([text]) => ({
    action: /name="(\$ACTION_ID_\w+)"/.exec(text)?.[1] ?? '',
    token: /name="csrf_token" value="([^"]+)"/.exec(text)?.[1],
  }))
}

async function formAt(rig: Rig, index: number): Promise<ActionForm> {
  const form = (await formsOf(rig))[index]
  if (form === undefined) throw new TypeError('The page has no such form.')
  return form
}

/** Sends the form as a browser without scripts. */
function send(rig: Rig, { action, token }: ActionForm, headers: Record<string, string> = {}): Promise<WireAnswer> {
  const fields: Record<string, string> = { [action]: '', ...(token !== undefined && { csrf_token: token }) }
  const boundary = 'harbour'
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const body = `${parts.join('')}--${boundary}--\r\n`
  const own = { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': String(body.length) }
  return rig.browser.visit(page, { method: 'POST', body, headers: { host: 'localhost:5000', ...own, ...headers } })
}

/** Calls the action as Next's own script does. */
function call(rig: Rig, { action }: ActionForm, headers: Record<string, string> = {}): Promise<WireAnswer> {
  const id = action.slice('$ACTION_ID_'.length)
  const own = { 'next-action': id, 'content-type': 'text/plain;charset=UTF-8', accept: 'text/x-component' }
  const sent = { host: 'localhost:5000', 'sec-fetch-dest': 'empty', ...own, ...headers }
  return rig.browser.visit(page, { method: 'POST', fetch: true, body: '[]', headers: sent })
}

const visits = async (rig: Rig): Promise<string> =>
  /(\d+)<!-- --> visits/.exec((await rig.browser.visit(page)).body)?.[1] ?? ''

describe.each(['stored', 'cookie'] as const)('a server action, %s session', (kind) => {
  const options: RigOptions = kind === 'cookie' ? { store: 'cookie' } : {}

  it('changes the session, as a form and as a call', async () => {
    const rig = await rigged(options)
    await logIn(rig)
    const form = await formAt(rig, 0)
    const sent = await send(rig, form)
    expect([sent.status, sent.body.includes('1<!-- --> visits')]).toEqual([200, true])
    expect(await visits(rig)).toBe('1')
    expect((await call(rig, form)).status).toBe(200)
    expect(await visits(rig)).toBe('2')
  })

  it('SEC-87 is refused from another site, and as a form without the token of the session', async () => {
    const rig = await rigged(options)
    await logIn(rig)
    const form = await formAt(rig, 0)
    const bare = await formAt(rig, 2)
    const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    const refused = [
      await send(rig, bare),
      await send(rig, { ...form, token: 'x'.repeat(64) }),
      await send(rig, form, evil),
      await send(rig, form, { origin: 'null' }),
      await call(rig, form, evil),
      await call(rig, form, { origin: 'http://localhost:5001' }),
      await call(rig, form, { ...evil, host: 'evil.example', 'x-forwarded-host': 'evil.example' }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403, 403])
    for (const { body } of refused) expect(body).toContain('csrf_refused')
    expect(await visits(rig)).toBe('0')
  })

  it('asks for a consent, and comes back to the page', async () => {
    const rig = await rigged(options)
    await logIn(rig)
    const form = await formAt(rig, 1)
    const cookies = new Map(rig.browser.cookies)
    const sent = await send(rig, form)
    expect([sent.status, sent.headers.get('location')]).toEqual([
      303,
      expect.stringMatching(/^\/login\?return_to=%2Fpages%2Faction&request=/),
    ])
    const called = await call(rig, form)
    const [onward = '', kindOfRedirect] = (called.headers.get('x-action-redirect') ?? '').split(';')
    expect([onward, kindOfRedirect]).toEqual([
      expect.stringMatching(/^http:\/\/localhost:5000\/login\?return_to=%2Fpages%2Faction&request=/),
      'push',
    ])
    expect(rig.browser.cookies).toEqual(cookies)
    const back = await logIn(rig, { from: onward.slice('http://localhost:5000'.length) })
    expect(back.headers.get('location')).toBe(page)
    expect((await send(rig, await formAt(rig, 1))).status).toBe(200)
  })
})

describe('a server action', () => {
  it('sends a stranger to log in', async () => {
    const rig = await rigged()
    const form = await formAt(rig, 0)
    const sent = await send(rig, form)
    expect([sent.status, sent.headers.get('location')]).toEqual([303, '/login?return_to=%2Fpages%2Faction'])
    const called = await call(rig, form)
    expect(called.headers.get('x-action-redirect')).toBe('http://localhost:5000/login?return_to=%2Fpages%2Faction;push')
    expect([rig.browser.cookies.size, rig.provider.calls]).toEqual([0, []])
  })

  it('SEC-87 a call without Origin is believed only where the browser says that it is ours', async () => {
    const rig = await rigged()
    await logIn(rig)
    const form = await formAt(rig, 0)
    expect((await call(rig, form, { origin: '' })).status).toBe(403)
    const fields = { 'next-action': '', 'sec-fetch-site': 'same-origin' }
    expect((await call(rig, form, fields)).status).toBe(403)
  })
})
