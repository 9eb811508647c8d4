import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort, isFree, nextFreePort } from '../lib/ports.ts'

/** Listens on a port of the system's choice and returns it. */
async function occupy(host: string): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('expected a port')
  return address.port
}

test.each(['127.0.0.1', '::1'])('a port that %s listens on is busy, whichever the other address says', async (host) => {
  const port = await occupy(host)
  expect(await isFree(port)).toBe(false)
  expect(await nextFreePort(port)).toBeGreaterThan(port)
})

test('a free port is taken as it is, and free afterwards', async () => {
  const port = await nextFreePort(20_000)
  expect(await nextFreePort(port)).toBe(port)
  expect(await isFree(port)).toBe(true)
})

test('passes over ports that are promised to somebody', async () => {
  const port = await nextFreePort(21_000)
  expect(await nextFreePort(port, [port])).toBeGreaterThan(port)
})

test('says so when there is none', async () => {
  await expect(nextFreePort(65_535, [65_535])).rejects.toThrow('Port 65535 is busy, and so are those above it.')
})

test('gives nobody a port twice, nor one that the system gives to others', async () => {
  const ports = await Promise.all(Array.from({ length: 40 }, () => freePort()))
  expect(new Set(ports).size).toBe(40)
  expect(ports.filter((port) => port < 1024 || port >= 32_768)).toEqual([])
  expect(await Promise.all(ports.map(isFree))).toEqual(ports.map(() => true))
})
