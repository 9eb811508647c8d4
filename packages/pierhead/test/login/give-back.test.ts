import { describe, expect, it } from 'vitest'
import { createRig, logIn, openSession, type Rig } from '../support/rig.ts'

const transfer = 'transfer.api.globus.org'

async function loggedIn(): Promise<Rig> {
  const rig = await createRig()
  await logIn(rig)
  return rig
}

const live = (rig: Rig, server: string): string[] =>
  rig.provider
    .live()
    .filter(({ resourceServer }) => resourceServer === server)
    .map(({ kind }) => kind)

describe('tokens of one resource server that a session gives back', () => {
  it('end at the provider and leave the session, which goes on', async () => {
    const rig = await loggedIn()
    const session = await openSession(rig.login, rig.browser)
    const others = session.tokens.map(({ resourceServer }) => resourceServer).filter((name) => name !== transfer)
    expect(live(rig, transfer)).not.toEqual([])
    expect(await session.revoke(transfer)).toBe(true)
    expect(live(rig, transfer)).toEqual([])
    const again = await openSession(rig.login, rig.browser)
    expect(again.tokens.map(({ resourceServer }) => resourceServer)).toEqual(others)
    await expect(again.accessToken(transfer)).rejects.toMatchObject({ code: 'token_missing' })
    for (const name of others) expect(live(rig, name)).not.toEqual([])
  })

  it('were there only once: a second time, and for a name that nobody gave a token for, nothing happens', async () => {
    const rig = await loggedIn()
    const session = await openSession(rig.login, rig.browser)
    const results = await Promise.all([session.revoke(transfer), session.revoke('constructor')])
    expect(results).toEqual([true, false])
    expect(await session.revoke(transfer)).toBe(false)
  })

  it('are those of a session that still is', async () => {
    const rig = await loggedIn()
    const session = await openSession(rig.login, rig.browser)
    await rig.login.endSessions(session.claims.sub)
    await expect(session.revoke(transfer)).rejects.toMatchObject({ code: 'login_required' })
  })
})
