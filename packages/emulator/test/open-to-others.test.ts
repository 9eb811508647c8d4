import { request as httpRequest } from 'node:http'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, test } from 'vitest'
import { startEmulator, type RunningEmulator, type StartOptions } from '../src/index.ts'

let emulator: RunningEmulator | undefined

afterEach(async () => {
  await emulator?.close()
  emulator = undefined
})

const start = async (options: StartOptions = {}): Promise<RunningEmulator> =>
  (emulator = await startEmulator({ port: 0, hosts: ['0.0.0.0'], ...options }))

/** Addresses by which others reach this machine, one at most; connections to it do not come from loopback. */
const outer = Object.values(networkInterfaces())
  .flatMap((found) => found ?? [])
  .filter(({ family, internal }) => family === 'IPv4' && !internal)
  .map(({ address }) => address)
  .slice(0, 1)

/** The status of an answer to a request with any Host header, which `fetch` would not let us send. */
const statusOf = (path: string, { to = '127.0.0.1', host = 'localhost' } = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(emulator?.origin ?? '')
    httpRequest({ host: to, port, path, headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })

test('an emulator that listens everywhere names an address that browsers can open', async () => {
  const { origin } = await start()
  expect(origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect((await fetch(`${origin}/jwk.json`)).status).toBe(200)
})

describe('the inspector of an emulator that listens everywhere', () => {
  test('answers to this machine', async () => {
    await start()
    expect(await statusOf('/inspector')).toBe(200)
  })

  test('refuses a name that a page could make resolve to this machine', async () => {
    await start({ allowHosts: ['globus.test'] })
    expect(await statusOf('/inspector', { host: 'evil.example' })).toBe(421)
    // Others may reach an allowed name, so that it is no proof of being here.
    expect(await statusOf('/inspector', { host: 'globus.test' })).toBe(403)
  })

  describe.each(outer)('and is asked from outside, at %s', (to) => {
    test('refuses a forged Host', async () => {
      await start()
      for (const path of ['/inspector', '/inspector.json', '/inspector/x'])
        expect(await statusOf(path, { to, host: 'localhost' })).toBe(403)
    })

    test('answers when it is opened on purpose', async () => {
      await start({ openInspector: true })
      expect(await statusOf('/inspector', { to, host: to })).toBe(200)
      expect(await statusOf('/inspector', { to, host: 'evil.example' })).toBe(421)
    })

    test('gives everything else at its own address, but not at a name', async () => {
      await start()
      const { port } = new URL(emulator?.origin ?? '')
      expect(await statusOf('/jwk.json', { to, host: `${to}:${port}` })).toBe(200)
      expect(await statusOf('/jwk.json', { to, host: 'evil.example' })).toBe(421)
    })
  })
})
