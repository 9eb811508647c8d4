import { expect, test } from 'vitest'
import { createSystemRandom, randomToken } from '../src/random.ts'

test('SEC-99 gives each byte once, whatever the lengths', () => {
  const random = createSystemRandom()
  const seen = new Set<string>()
  for (let round = 0; round < 5000; round += 1) seen.add(Buffer.from(random(16 + (round % 7))).toString('hex'))
  expect(seen.size).toBe(5000)
  expect(random(20_000)).toHaveLength(20_000)
  expect(random(0)).toHaveLength(0)
})

test('what was given does not change afterwards, and is not all zero', () => {
  const random = createSystemRandom()
  const first = random(32)
  const copy = Buffer.from(first).toString('hex')
  for (let round = 0; round < 1000; round += 1) random(100)
  expect(Buffer.from(first).toString('hex')).toBe(copy)
  expect(copy).not.toMatch(/^0+$/)
})

test('tokens of two emulators differ', () => {
  const tokens = Array.from({ length: 100 }, () => randomToken(createSystemRandom()))
  expect(new Set(tokens).size).toBe(100)
})
