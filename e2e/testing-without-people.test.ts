import { afterAll, beforeAll, expect, it } from 'vitest'
import type { RunningEmulator } from '@pierhead/emulator'
import { type App, startApp } from './support/app.ts'
import { Visitor } from './support/browser-like.ts'
import { startGlobus } from './support/emulator.ts'

let globus: RunningEmulator
let app: App

beforeAll(async () => {
  globus = await startGlobus({ autoLogin: 'maya.okafor@harbour.example', autoConsent: true })
  app = await startApp(globus)
})

afterAll(async () => {
  await app.close()
  await globus.close()
})

it('C20 a test is somebody who is logged in after one request that follows redirects', async () => {
  const maya = await new Visitor().open(`${app.origin}/private`)
  expect(maya.url).toBe(`${app.origin}/private`)
  expect(maya.text).toContain('Only for Maya Okafor')
})
