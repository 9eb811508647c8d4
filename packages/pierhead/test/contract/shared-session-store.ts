import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { connectStore, type StoreKind } from '../support/stores.ts'
import { collect } from './session-store-model.ts'

/** What processes must find true of each other when they share a store. `newAddress`: where an unused one is. */
export function describeSharedStore(kind: StoreKind, newAddress: () => string): void {
  describe(`several processes on one store through ${kind}`, () => {
    test('REL-48 that all start on a new one prepare it once and work', async () => {
      const address = newAddress()
      await expect(runWriters(kind, address, 1)).resolves.toHaveLength(4)
      const { store, end } = await connectStore(kind, address)
      expect(await store.read('counter')).toBe('4')
      await end()
    }, 120_000)

    test('REL-47 neither lose nor double anything', async () => {
      const address = newAddress()
      const rounds = 40
      const { store, end } = await connectStore(kind, address)
      for (let index = 1; index <= rounds; index++) {
        await store.create(`victim-${index}`, 'v', { subject: 's', expiresAt: Infinity })
        await store.create(`expired-${index}`, 'v', { subject: 's', expiresAt: 0 })
        await store.enqueue(`job-${index}`, 'v', 0)
      }
      const won = await runWriters(kind, address, rounds)
      expect(await store.read('counter')).toBe(String(4 * rounds))
      expect(won.reduce((total, each) => total + each.created, 0)).toBe(5 * rounds)
      expect(await collect(store.listBySubject('everyone'))).toHaveLength(5 * rounds + 1)
      for (const what of ['claimed', 'deleted', 'swept'] as const) {
        const list = won.flatMap((each) => each[what])
        expect([what, list.length, new Set(list).size]).toEqual([what, rounds, rounds])
      }
      await end()
    }, 120_000)
  })
}

interface Won {
  readonly created: number
  readonly deleted: readonly string[]
  readonly claimed: readonly string[]
  readonly swept: readonly string[]
}

const writer = fileURLToPath(new URL('session-store-writer.ts', import.meta.url))
const run = promisify(execFile)

async function runWriters(kind: StoreKind, address: string, rounds: number): Promise<Won[]> {
  const outputs = await Promise.all(
    ['p1', 'p2', 'p3', 'p4'].map((name) =>
      run(process.execPath, ['--conditions=pierhead-source', writer, kind, address, name, String(rounds)], {
        timeout: 100_000,
      }),
    ),
  )
  return outputs.map(({ stdout }) => JSON.parse(stdout) as Won) // printed by the writer
}
