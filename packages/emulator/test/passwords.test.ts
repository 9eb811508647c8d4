import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseAuthorize } from '../src/cli-authorize.ts'
import { createEmulator, createUserAgent, demo, type EmulatorOptions } from '../src/index.ts'
import { createRig, type Rig } from './support.ts'

const NOOR = 'a1a1a1a1-0000-4000-8000-000000000001'
const LINKED = 'a1a1a1a1-0000-4000-8000-000000000002'
const seed = {
  identities: [
    { id: NOOR, username: 'noor@harbour.example', name: 'Noor Haddad', password: 'low tide' },
    { id: LINKED, username: 'noor@globusid.org', name: 'Noor Haddad', linked_to: NOOR },
  ],
}

let folder: string
let rig: Rig | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pierhead-emulator-'))
})

afterEach(() => {
  rig?.emulator.close()
  rig = undefined
  rmSync(folder, { recursive: true })
})

const start = (options: EmulatorOptions): Rig => (rig = createRig(options))
const writable = (): EmulatorOptions => ({ collections: [{ name: 'Mine', path: folder, writable: true }] })

const logIn = ({ browser, authorizeUrl }: Rig, as: string, password?: string): Promise<URL> =>
  browser.authorize(authorizeUrl(), { as, password })

describe('a person whose password somebody chose', () => {
  test('is not logged in by a click, under any identity of the account', async () => {
    const started = start({ seed })
    await expect(logIn(started, NOOR)).rejects.toThrow('noor@harbour.example needs a password here')
    await expect(logIn(started, LINKED)).rejects.toThrow('noor@globusid.org needs a password here')
    await expect(logIn(started, NOOR, 'high tide')).rejects.toThrow('Wrong username or password')
  })

  test('logs in by typing it, named in any way', async () => {
    const started = start({ seed })
    expect((await logIn(started, 'Noor Haddad', 'low tide')).searchParams.has('code')).toBe(true)
    const { password } = started.emulator.world.identities.find(LINKED) ?? {}
    const other = createUserAgent({ fetch: started.emulator.fetch })
    const back = await other.authorize(started.authorizeUrl(), { as: NOOR, password: 'low tide' })
    expect(back.searchParams.has('code')).toBe(true)
    expect(password).not.toBe('low tide')
  })

  test('is known to whoever holds the emulator', async () => {
    const started = start({ seed })
    const url = started.authorizeUrl().href
    expect(await started.emulator.authorize({ url, as: 'Noor Haddad' })).toMatchObject({ error: null })
    const back = await started.emulator.userAgent(LINKED).authorize(url)
    expect(back.searchParams.has('code')).toBe(true)
  })

  test('is not logged in by a click at the pages of Globus Auth either', async () => {
    const { browser, emulator } = start({ seed })
    const sign = (form: Record<string, string>): Promise<Response> =>
      browser.request(`${emulator.origin}/p/sign-in`, {
        method: 'POST',
        body: new URLSearchParams(form),
        headers: { origin: emulator.origin },
      })
    expect((await sign({ identity: NOOR })).status).toBe(401)
    expect((await sign({ username: 'noor@harbour.example', password: 'low tide' })).status).toBe(303)
  })

  test('cannot be everybody by auto-login, from the start or later', async () => {
    const autoLogin = { seed, behaviour: { autoLogin: 'Noor Haddad' } }
    expect(() => createEmulator(autoLogin)).toThrow('noor@harbour.example needs a password')
    const { browser, emulator, authorizeUrl } = start({ seed })
    emulator.behaviour.autoLogin = NOOR
    const first = await browser.request(authorizeUrl())
    const page = await browser.request(new URL(first.headers.get('location') ?? '', emulator.origin))
    expect([page.status, page.headers.getSetCookie()]).toEqual([401, []])
  })

  test('still needs it after a restart', async () => {
    start({ seed, dataDir: join(folder, 'data') }).emulator.close()
    const again = start({ dataDir: join(folder, 'data') })
    await expect(logIn(again, NOOR)).rejects.toThrow('needs a password here')
  })
})

describe('the owner of a directory outside the data', () => {
  test('needs the password when it can be changed, and nobody else does', async () => {
    const started = start(writable())
    await expect(logIn(started, demo.people.maya)).rejects.toThrow(`because ${folder} can be changed`)
    await expect(logIn(started, demo.people.mayaOrcid)).rejects.toThrow('needs a password here')
    const { identities } = started.emulator.info()
    const required = identities.filter(({ password_required }) => password_required).map(({ id }) => id)
    expect(required).toEqual([demo.people.maya, demo.people.mayaOrcid])
    const { password } = identities.find(({ id }) => id === demo.people.maya) ?? {}
    expect((await logIn(started, demo.people.maya, password ?? '')).searchParams.has('code')).toBe(true)
    const other = createUserAgent({ fetch: started.emulator.fetch })
    expect((await other.authorize(started.authorizeUrl(), { as: 'Sam' })).searchParams.has('code')).toBe(true)
  })

  test('is logged in by a click when it can only be read', async () => {
    const started = start({ collections: [{ name: 'Mine', path: folder, writable: false }] })
    expect((await logIn(started, demo.people.maya)).searchParams.has('code')).toBe(true)
  })
})

test('the command authorize finds the password in the file of --info', () => {
  const started = start({ seed, ...writable() })
  const info = join(folder, 'info.json')
  writeFileSync(info, JSON.stringify(started.emulator.info()))
  const parse = (as: string, file = info) => parseAuthorize(['http://127.0.0.1:1/', '--as', as, '--info', file])
  expect(parse('noor haddad')).toMatchObject({ as: 'noor@harbour.example', password: 'low tide' })
  expect(parse(demo.people.sam)).not.toHaveProperty('password')
  writeFileSync(join(folder, 'other.json'), '{}')
  expect(() => parse('x', join(folder, 'other.json'))).toThrow('is no file of --info')
})
