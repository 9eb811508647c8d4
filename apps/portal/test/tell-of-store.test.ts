import { expect, it } from 'vitest'
import { tellOfStore } from '../src/tell-of-store.ts'

it('a store that is down is told of once a minute, with its place, without its password, and with what to do', () => {
  const lines: string[] = []
  let now = 0
  const tell = tellOfStore(
    'postgres://portal:very-secret@db.example.org:5432/sessions',
    (fields, text) => void lines.push(JSON.stringify({ ...fields, text })),
    () => now,
  )
  for (now = 0; now < 150_000; now += 1000) tell(new Error('connect ECONNREFUSED'))
  expect(lines).toHaveLength(3)
  expect(lines[0]).toContain('"store":"postgres://db.example.org:5432"')
  expect(lines[0]).toMatch(/ECONNREFUSED.*Start it, or correct SESSION_STORE_URL/)
  expect(lines.join('')).not.toMatch(/very-secret|portal:/)
})
