import type { RunningEmulator } from '@pierhead/emulator'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { capability } from '../../tools/lib/capability.ts'
import { logIn, Visitor } from '../support/browser-like.ts'
import { startGlobus } from '../support/emulator.ts'
import { startPortal, type Portal } from '../support/portal.ts'
import { startSquid, type Squid } from './squid.ts'

let globus: RunningEmulator
let squid: Squid
let portal: Portal | undefined

describe.skipIf(!capability('squid').available)('a portal that reaches Globus through squid only', () => {
  beforeAll(async () => {
    globus = await startGlobus()
    squid = await startSquid(Number(new URL(globus.origin).port))
  })
  afterEach(() => portal?.close())
  afterAll(async () => {
    await squid?.stop()
    await globus?.close()
  })

  it('logs people in when Node is told to use the proxy of the environment', async () => {
    portal = await startPortal(globus, { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: squid.url, HTTPS_PROXY: squid.url })
    const visitor = await logIn(new Visitor(), `${portal.origin}/login`, 'Maya Okafor')
    expect(visitor.text).toContain('Hello Maya Okafor!')
    await expect.poll(squid.log).toContain(new URL(globus.origin).host)
    await squid.stop()
    // Nothing goes past it: discovery is remembered, the code cannot be exchanged.
    const refused = await logIn(new Visitor(), `${portal.origin}/login`, 'Maya Okafor')
    expect([refused.status, refused.text]).toEqual([
      expect.toBeOneOf([502, 503]),
      expect.stringContaining('provider_unreachable'),
    ])
    expect((await visitor.open('/')).text).toContain('Hello Maya Okafor!')
    squid = await startSquid(Number(new URL(globus.origin).port))
  })

  it('asks the proxy nothing where it is not told to, or by NO_PROXY told not to', async () => {
    for (const env of [{}, { NODE_USE_ENV_PROXY: '1', NO_PROXY: '127.0.0.1' }]) {
      const before = squid.log()
      const own = await startPortal(globus, { HTTP_PROXY: squid.url, HTTPS_PROXY: squid.url, ...env })
      try {
        expect((await logIn(new Visitor(), `${own.origin}/login`, 'Maya Okafor')).text).toContain('Hello Maya Okafor!')
        expect(squid.log()).toBe(before)
      } finally {
        await own.close()
      }
    }
  })
})
