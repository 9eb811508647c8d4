import { expect, test } from 'vitest'
import { memoryStore } from '../../src/session-store/memory.ts'
import { describeSessionStore } from '../contract/session-store.ts'
import { containing } from '../matchers.ts'

describeSessionStore('the memory store', async () => {
  const clock = { now: 1_790_000_000_000 }
  return { store: memoryStore({ now: () => clock.now }), clock }
})

test('REL-46 a full memory store refuses new entries, keeps the old ones and takes new ones once there is room', async () => {
  const store = memoryStore({ now: () => 1000, maximumEntries: 2 })
  const entry = { subject: 's', expiresAt: 500 }
  await store.create('expired', 'v', entry)
  await store.enqueue('job', 'v', 0)
  const refused = { name: 'LoginError', code: 'store_unavailable', message: containing('maximumEntries') }
  await expect(store.create('new', 'v', entry)).rejects.toMatchObject(refused)
  await expect(store.enqueue('new', 'v', 0)).rejects.toMatchObject(refused)
  expect(await store.create('expired', 'v', entry)).toBe(false)
  await expect(store.enqueue('job', 'v', 0)).resolves.toBeUndefined()
  expect(await store.sweep(1)).toEqual([{ id: 'expired', value: 'v' }])
  expect(await store.create('new', 'v', entry)).toBe(true)
})
