// Complaints about other login libraries (docs/complaints.md) that no other test here is about.
import { describe, expect, expectTypeOf, it } from 'vitest'
import { createLogin, type LoginSession } from '../../src/index.ts'
import { adapters } from '../support/adapters.ts'
import { createRig, logIn, loginOptions, start } from '../support/rig.ts'

const transfer = 'transfer.api.globus.org'

describe.each(Object.entries(adapters))('with %s', (_name, mount) => {
  it('C03 a callback without its login does not end in a dead end', async () => {
    const rig = await createRig({ mount })
    const lost = rig.provider.approve(await start(rig.browser))
    rig.browser.cookies.clear()
    const stranger = await rig.browser.visit(lost)
    expect(stranger.status).toBe(400)
    expect(stranger.body).toContain('unknown_login')
    const [, again = ''] = /href="([^"]*)"[^>]*>\s*Log in/.exec(stranger.body) ?? []
    expect((await rig.browser.visit(again)).status).toBe(302)
    await logIn(rig)
    const back = await rig.browser.visit(lost)
    expect([back.status, back.headers.get('location')]).toEqual([303, '/'])
  })

  it('C16 a refreshed token needs no cookie: it is there for the next request, whoever could set headers', async () => {
    const rig = await createRig({ mount })
    rig.provider.behave.expiresIn = 3600
    await logIn(rig)
    await rig.browser.visit('/')
    await rig.clock.advance(3_601_000)
    const before = new Map(rig.browser.cookies)
    const first = await rig.browser.visit(`/token/${transfer}`)
    expect(first.headers.getSetCookie().filter((line) => /-session/.test(line))).toEqual([])
    expect(rig.browser.cookies).toEqual(before)
    expect((await rig.browser.visit(`/token/${transfer}`)).body).toBe(first.body)
    expect(rig.provider.count('token', 'refresh_token')).toBe(1)
  })
})

describe('types', () => {
  it('C19 of the data of a session are said once, where the login is made', () => {
    interface Notes {
      readonly notes: readonly string[]
    }
    const login = createLogin<Notes>({ ...loginOptions({}), onLogin: () => ({ data: { notes: [] } }) })
    type Session = NonNullable<Awaited<ReturnType<typeof login.open>>['session']>
    expectTypeOf<Session>().toEqualTypeOf<LoginSession<Notes>>()
    expectTypeOf<Session['data']['notes']>().toEqualTypeOf<readonly string[]>()
    expectTypeOf<Parameters<Parameters<Session['update']>[0]>>().toEqualTypeOf<[Notes]>()
    // @ts-expect-error The data is of another type.
    createLogin<Notes>({ ...loginOptions({}), onLogin: () => ({ data: { notes: 7 } }) })
    // @ts-expect-error No option has this name.
    createLogin({ ...loginOptions({}), clientID: 'misspelt' })
    expect(login.logoutUrl).toBe('/logout')
    return login.close()
  })
})
