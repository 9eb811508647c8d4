// The process that refreshes may die or stand still at the worst moment: between its request and its answer.
import type { RunningEmulator } from '@pierhead/emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { countTokenRequests, liveTokens, requestsTo, startGlobus, transferServer } from '../support/emulator.ts'
import type { Answers } from './caller.ts'
import { type Caller, lifetime, type Scene, setScene } from './scene.ts'
import { sharedStoreNames } from './stores.ts'

const minute = 60_000
const tokenPath = '/v2/oauth2/token'

let globus: RunningEmulator
let scene: Scene

beforeAll(async () => {
  globus = await startGlobus({ accessTokenLifetime: lifetime })
})

afterEach(async () => {
  globus.faults.clear()
  await scene.close()
})

afterAll(() => globus.close())

describe.each(sharedStoreNames)('a refresh whose process is lost, sessions in %s', (store) => {
  describe.each(['off', 'grace'] as const)('rotation %s', (rotation) => {
    it(
      'REL-23 is taken over when the process was killed, and nobody is logged out',
      { timeout: 3 * minute },
      async () => {
        await prepare(store, rotation)
        const { first, others } = await refreshInFirst()
        await loseAnswer(first)
        const requests = await countTokenRequests(globus, async () => expectOneToken(await askAll(others)))
        expect(requests).toBe(1)
        await expectEveryoneStays()
      },
    )

    it(
      'REL-19 REL-23 is taken over when the process stands still; what it gets is revoked',
      { timeout: 3 * minute },
      async () => {
        await prepare(store, rotation)
        const { first, others, answered } = await refreshInFirst()
        first.program.kill('SIGSTOP')
        const taken = await askAll(others)
        first.program.kill('SIGCONT')
        expectOneToken([...taken, await answered])
        await expectEveryoneStays()
        // Two refresh tokens, and the one access token that was renewed: nothing of the late answer is left.
        await expect.poll(() => liveTokens(globus, scene.app)).toBe(3)
      },
    )
  })
})

describe.each(sharedStoreNames)('strict rotation without a grace period, sessions in %s', (store) => {
  it(
    'REL-23 REL-33 costs one login when the only process that had the answer was killed',
    { timeout: 3 * minute },
    async () => {
      await prepare(store, 'rotate')
      const { first, others } = await refreshInFirst()
      await loseAnswer(first)
      const answers = await askAll(others)
      const failures = new Set(answers.flat().flatMap((answer) => answer.failures))
      expect([...failures].join()).toMatch(/^LoginRequiredError: The refresh token for transfer\.api\.globus\.org/)
      // The session is there still, and a login gives it its tokens back.
      expect((await scene.visitors[0]?.open('/'))?.text).toContain('Hello Maya Okafor!')
      expect((await scene.visitors[0]?.open(`/token/${transferServer}`))?.status).toBe(200)
    },
  )
})

async function prepare(store: (typeof sharedStoreNames)[number], rotation: 'off' | 'grace' | 'rotate'): Promise<void> {
  globus.behaviour.refreshRotation = 'off'
  scene = await setScene(globus, { store, people: 1, processes: 4 })
  globus.behaviour.refreshRotation = rotation
  scene.expire()
}

/** One process has sent its token request, which the provider works off; the answer is not there yet. */
async function refreshInFirst() {
  const [first, ...others] = scene.callers
  if (first === undefined) throw new Error('There is no process.')
  globus.faults.next('token', { kind: 'delay', milliseconds: 3000 })
  const before = requestsTo(globus, tokenPath)
  const answered = first.ask(order())
  answered.catch(() => undefined)
  await first.refreshing()
  await expect.poll(() => requestsTo(globus, tokenPath)).toBe(before + 1)
  return { first, others, answered }
}

/** The provider has done its work and sent its answer, and the process dies without having read it. */
async function loseAnswer({ program }: Caller): Promise<void> {
  const before = liveTokens(globus, scene.app)
  program.kill('SIGSTOP')
  await expect.poll(() => liveTokens(globus, scene.app)).toBeGreaterThan(before)
  program.kill('SIGKILL')
}

function askAll(callers: Scene['callers']): Promise<Answers[]> {
  return Promise.all(callers.map((caller) => caller.ask(order())))
}

function order() {
  return { cookies: scene.cookies, calls: 50, resourceServer: transferServer, later: lifetime }
}

function expectOneToken(answers: readonly Answers[]): void {
  expect(answers.flat().flatMap(({ failures }) => failures)).toEqual([])
  expect(new Set(answers.flat().flatMap(({ tokens }) => tokens)).size).toBe(1)
}

async function expectEveryoneStays(): Promise<void> {
  for (const visitor of scene.visitors) {
    expect((await visitor.open('/')).text).toContain('Hello Maya Okafor!')
    expect((await visitor.open(`/token/${transferServer}`)).status).toBe(200)
  }
}
