// The claim that costs other kits most complaints: one token request per expiry, whoever asks, from how many processes
// ever, however slow the provider is. Every process, file and connection is real, and so is the provider's slowness.
import type { RunningEmulator } from '@pierhead/emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { countTokenRequests, introspect, liveTokens, startGlobus, transferServer } from '../support/emulator.ts'
import { lifetime, type Scene, setScene } from './scene.ts'
import { sharedStoreNames } from './stores.ts'

const processes = 8
const callersPerExpiry = 1000
/** So many sessions expire at the same moment; each is an expiry of its own. */
const people = 10
const expiries = Number(process.env['PIERHEAD_EXPIRIES'] ?? people)
const minute = 60_000

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

describe.each(sharedStoreNames)('sessions in %s that eight processes share', (store) => {
  // What 20 s add to 2 s does not depend on the store: the short form waits for them once.
  const delays = store === 'SQLite' || expiries > people ? [0, 2, 20] : [0, 2]
  const table = delays.flatMap((seconds) => (['off', 'detect'] as const).map((rotation) => ({ seconds, rotation })))

  it.each(table)(
    `C01 REL-22 REL-24 cost one request for each of ${expiries} expiries, the provider taking $seconds s, rotation $rotation`,
    { timeout: (expiries / people) * minute + 10 * minute },
    async ({ seconds, rotation }) => {
      globus.behaviour.refreshRotation = 'off'
      scene = await setScene(globus, { store, people, processes })
      globus.behaviour.refreshRotation = rotation
      for (let done = 0; done < expiries; done += people) await expireOnce(seconds)
      expect(liveTokens(globus, scene.app)).toBe(3 * people)
      for (const visitor of scene.visitors) expect((await visitor.open('/')).text).toContain('Hello Maya Okafor!')
    },
  )
})

/** Every session's token ends; every process asks for all of them at once. */
async function expireOnce(seconds: number): Promise<void> {
  const { app, cookies, callers } = scene
  scene.expire()
  if (seconds > 0) globus.faults.next('token', { kind: 'delay', milliseconds: seconds * 1000 }, people)
  const order = { cookies, calls: callersPerExpiry / processes, resourceServer: transferServer, later: lifetime }
  let answers: Awaited<ReturnType<(typeof callers)[number]['ask']>>[] = []
  const requests = await countTokenRequests(globus, async () => {
    answers = await Promise.all(callers.map((caller) => caller.ask(order)))
  })
  expect(answers.flat().flatMap(({ failures }) => failures)).toEqual([])
  // A different live token for each session, and the same one for all of its callers: with as many requests as sessions,
  // each session had exactly one.
  expect(requests).toBe(people)
  const tokens = cookies.map((_, person) => new Set(answers.flatMap((answer) => answer[person]?.tokens ?? [])))
  expect(tokens.map(({ size }) => size)).toEqual(cookies.map(() => 1))
  expect(new Set(tokens.flatMap((set) => [...set])).size).toBe(people)
  for (const token of tokens[0] ?? []) expect(await introspect(globus, app, token)).toMatchObject({ active: true })
}
