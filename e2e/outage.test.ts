import type { Fault, RunningEmulator } from '@pierhead/emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type App, startApp, type StoreName } from './support/app.ts'
import { logIn, Visitor } from './support/browser-like.ts'
import { startGlobus, transferServer } from './support/emulator.ts'

const endpoints = ['discovery', 'jwks', 'authorize', 'token', 'userinfo', 'revoke', 'introspect'] as const
const tokenPath = `/token/${transferServer}`
const lifetime = 600
const step = 10

let globus: RunningEmulator
let app: App

beforeAll(async () => {
  globus = await startGlobus({ accessTokenLifetime: lifetime })
})

afterEach(async () => {
  globus.faults.clear()
  await app.close()
})

afterAll(() => globus.close())

const outages: readonly { what: string; fault: Fault }[] = [
  { what: 'refuses', fault: { kind: 'answer', status: 503 } },
  { what: 'cuts connections', fault: { kind: 'reset' } },
  { what: 'hangs', fault: { kind: 'hang' } },
]

describe.each(['sqlite', 'memory', 'sealed cookies'] satisfies StoreName[])(
  'ten minutes without Globus Auth, sessions in %s',
  (store) => {
    it.each(outages)(
      'REL-06 REL-01 C14 lose no request of a live token and no session, when it $what',
      async ({ fault }) => {
        app = await startApp(globus, { store })
        const maya = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
        for (const endpoint of endpoints) globus.faults.next(endpoint, fault, 10_000)
        // Waiting for a provider that hangs is real: a thousand times shorter.
        app.clock.haste = 1000
        const refused: string[] = []
        // To the last moment: the token itself lives ten minutes.
        for (let second = step; second < lifetime - 2 * step; second += step) {
          app.clock.advance(step)
          for (const path of ['/', '/private', tokenPath]) {
            await maya.open(`${app.origin}${path}`)
            if (maya.status !== 200 || maya.text.includes('Login to Globus'))
              refused.push(`${second} s: ${path} ${maya.status}`)
          }
        }
        expect(refused).toEqual([])
        // Past its end nobody can have a token, and still nobody is logged out.
        app.clock.advance(3 * step)
        expect((await maya.open(`${app.origin}${tokenPath}`)).status).toBe(503)
        expect((await maya.open(`${app.origin}/private`)).text).toContain('Only for Maya Okafor')
        globus.faults.clear()
        app.clock.haste = 1
        app.clock.advance(2)
        expect((await maya.open(`${app.origin}${tokenPath}`)).status).toBe(200)
      },
    )
  },
)
