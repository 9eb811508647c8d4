import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SessionStore } from '../../src/index.ts'
import { memoryStore } from '../../src/session-store/memory.ts'
import { sqliteStore } from '../../src/session-store/sqlite.ts'
import { createGate, createTestClock, drive, settle, startOfTests, until, watch } from '../support/clock.ts'
import { createRig, logIn, openSession, type Rig, type RigOptions } from '../support/rig.ts'

const transfer = 'transfer.api.globus.org'

let folder = ''
let files = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pierhead-refresh-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** For each process a store: the same object in memory, or a connection of its own to the same file. */
const stores: Readonly<Record<string, () => (now: () => number) => SessionStore>> = {
  'one memory store'() {
    let shared: SessionStore | undefined
    return (now) => (shared ??= memoryStore({ now }))
  },
  'one SQLite file'() {
    files += 1
    const path = join(folder, `${files}.db`)
    return (now) => sqliteStore(path, { now })
  },
}

async function loggedIn(store: RigOptions['store']): Promise<Rig> {
  const rig = await createRig(store === undefined ? {} : { store })
  rig.provider.behave.expiresIn = 3600
  await logIn(rig)
  return rig
}

const refreshes = (rig: Rig): number => rig.provider.count('token', 'refresh_token')
const times = <Value>(count: number, make: () => Value): Value[] => Array.from({ length: count }, make)

for (const [name, storeOf] of Object.entries(stores)) {
  describe(`refreshing in a session that processes share through: ${name}`, () => {
    it('asks once for two processes', async () => {
      const rig = await loggedIn(storeOf())
      const second = await rig.another()
      await rig.clock.advance(3_601_000)
      const gate = createGate()
      rig.provider.behave.hold.token = gate.promise
      const sessions = await Promise.all(
        times(20, () => [rig.login, second.login])
          .flat()
          .map((login) => openSession(login, rig.browser)),
      )
      const asked = Promise.all(sessions.map((session) => session.accessToken(transfer)))
      await until(() => refreshes(rig) === 1)
      await rig.clock.advance(12_000)
      expect(refreshes(rig)).toBe(1)
      gate.open()
      expect(new Set(await drive(rig.clock, asked)).size).toBe(1)
      expect(refreshes(rig)).toBe(1)
    })

    it('REL-23 takes over from a process that died, and revokes what that one got after all', async () => {
      const rig = await loggedIn(storeOf())
      await rig.clock.advance(3_601_000)
      // A clock that stands still: this process raises nothing any more, as if it were stopped.
      const frozen = createTestClock(rig.clock.now())
      const dead = await rig.another(frozen)
      const gate = createGate()
      rig.provider.behave.hold.token = gate.promise
      const late = (await openSession(dead.login, rig.browser)).accessToken(transfer)
      await until(() => refreshes(rig) === 1)
      rig.provider.behave.hold = {}
      const waiting = (await openSession(rig.login, rig.browser)).accessToken(transfer)
      await rig.clock.advance(4900)
      expect(refreshes(rig)).toBe(1)
      const fresh = await drive(rig.clock, waiting)
      expect(refreshes(rig)).toBe(2)
      gate.open()
      expect(await late).toBe(fresh)
      const alive = rig.provider.live().filter((token) => token.kind === 'access')
      expect(alive.map((token) => token.text)).toEqual([fresh])
      expect((await rig.browser.visit(`/token/${transfer}`)).body).toBe(fresh)
    })

    it('takes what another process stored, when its own view is older', async () => {
      const rig = await loggedIn(storeOf())
      rig.provider.behave.rotate = true
      const second = await rig.another()
      await rig.clock.advance(3_601_000)
      const stale = await openSession(rig.login, rig.browser)
      const fresh = await (await openSession(second.login, rig.browser)).accessToken(transfer)
      expect(await stale.accessToken(transfer)).toBe(fresh)
      expect(refreshes(rig)).toBe(1)
    })

    it('a dead refresh token takes nothing away that another process stored meanwhile', async () => {
      const rig = await loggedIn(storeOf())
      const second = await rig.another()
      await rig.clock.advance(3_601_000)
      const gate = createGate()
      rig.provider.behave.hold.token = gate.promise
      rig.provider.behave.fail.token = 'invalid_grant'
      const frozen = createTestClock(rig.clock.now())
      const slow = (await openSession((await rig.another(frozen)).login, rig.browser)).accessToken(transfer)
      await until(() => refreshes(rig) === 1)
      rig.provider.behave.hold = {}
      rig.provider.behave.fail = {}
      const fresh = await drive(rig.clock, (await openSession(second.login, rig.browser)).accessToken(transfer))
      gate.open()
      expect(await slow).toBe(fresh)
      expect((await rig.browser.visit(`/token/${transfer}`)).body).toBe(fresh)
    })
  })
}

describe('REL-27 refresh and logout at the same time', () => {
  it.each(['store', 'cookie'] as const)('leave no live token, whoever is faster, sessions in: %s', async (kind) => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.boolean(), async (scheduler, rotate) => {
        const rig = await loggedIn(
          kind === 'cookie' ? 'cookie' : slowly(memoryStore({ now: () => startOfTests }), scheduler),
        )
        rig.provider.behave.rotate = rotate
        const [asking, leaving] = [await openSession(rig.login, rig.browser), rig.browser.copy()]
        const { csrfToken } = asking
        rig.provider.behave.hold.token = scheduler.schedule(Promise.resolve(), 'token answer')
        rig.provider.behave.hold.revoke = scheduler.schedule(Promise.resolve(), 'revocation answer')
        await rig.clock.advance(3_601_000)
        const asked = asking.accessToken(transfer).catch(() => undefined)
        const left = leaving.visit('/logout', { method: 'POST', form: { csrf_token: csrfToken } })
        await drain(rig, scheduler, Promise.all([asked, left]))
        await settle()
        expect(rig.provider.live()).toEqual([])
      }),
      { numRuns: 15 },
    )
  })
})

/** Every call takes its turn when the scheduler says so, once refresh and logout are under way. */
function slowly(store: SessionStore, scheduler: fc.Scheduler): SessionStore {
  const turn = async (): Promise<void> => {
    await scheduler.schedule(Promise.resolve(), 'store')
  }
  return {
    ...store,
    replace: (...args) => turn().then(() => store.replace(...args)),
    delete: (...args) => turn().then(() => store.delete(...args)),
  }
}

async function drain(rig: Rig, scheduler: fc.Scheduler, work: Promise<unknown>): Promise<void> {
  const state = watch(work)
  while (!state.done) {
    await settle(10)
    if (scheduler.count() > 0) await scheduler.waitOne()
    else await rig.clock.advance(50)
  }
  await work
}
