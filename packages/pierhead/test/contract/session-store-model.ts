import fc from 'fast-check'
import { expect } from 'vitest'
import type { SessionStore, StoredValue } from '../../src/lib/session/session-store.ts'

/** One call of a store, or time passing. Few names, so that commands meet. */
export type Command =
  | { does: 'create'; id: string; value: string; subject: string; life: number }
  | { does: 'replace'; id: string; value: string; next: string; life: number }
  | { does: 'read' | 'delete' | 'settle'; id: string }
  | { does: 'list'; subject: string }
  | { does: 'sweep'; limit: number }
  | { does: 'enqueue'; id: string; value: string; wait: number }
  | { does: 'claim'; limit: number; lease: number }
  | { does: 'pass'; time: number }

const id = fc.constantFrom('a', 'b', 'c')
const value = fc.constantFrom('', 'x', 'y')
const subject = fc.constantFrom('ada', 'bob')
const time = fc.constantFrom(0, 1, 10, 25)
const limit = fc.constantFrom(0, 1, 2, 9)

/** Any command. */
export const commands: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ does: fc.constant('create' as const), id, value, subject, life: time }),
  fc.record({ does: fc.constant('replace' as const), id, value, next: value, life: time }),
  fc.record({ does: fc.constantFrom('read' as const, 'delete' as const, 'settle' as const), id }),
  fc.record({ does: fc.constant('list' as const), subject }),
  fc.record({ does: fc.constant('sweep' as const), limit }),
  fc.record({ does: fc.constant('enqueue' as const), id, value, wait: time }),
  fc.record({ does: fc.constant('claim' as const), limit, lease: time }),
  fc.record({ does: fc.constant('pass' as const), time }),
)

interface Model {
  values: Map<string, { value: string; subject: string; expiresAt: number }>
  jobs: Map<string, { value: string; due: number }>
}

/** Runs the commands on the connections in turn and on plain maps, and compares every answer. */
export async function checkAgainstModel(
  list: readonly Command[],
  connections: readonly [SessionStore, SessionStore],
  clock: { now: number },
): Promise<void> {
  const model: Model = { values: new Map(), jobs: new Map() }
  for (const [index, command] of list.entries()) {
    await step(command, model, { store: connections[index % 2 === 0 ? 0 : 1], clock })
  }
}

interface Real {
  store: SessionStore
  clock: { now: number }
}

async function step(command: Command, model: Model, { store, clock }: Real): Promise<void> {
  const { values, jobs } = model
  const isLive = (name: string): boolean => (values.get(name)?.expiresAt ?? -1) > clock.now
  switch (command.does) {
    case 'create': {
      const entry = { subject: command.subject, expiresAt: clock.now + command.life }
      expect(await store.create(command.id, command.value, entry)).toBe(!values.has(command.id))
      if (!values.has(command.id)) values.set(command.id, { value: command.value, ...entry })
      return
    }
    case 'replace': {
      const entry = values.get(command.id)
      const fits = entry !== undefined && isLive(command.id) && entry.value === command.value
      const expiresAt = clock.now + command.life
      expect(await store.replace(command.id, command.value, command.next, { expiresAt })).toBe(fits)
      if (fits) Object.assign(entry, { value: command.next, expiresAt })
      return
    }
    case 'read':
      expect(await store.read(command.id)).toBe(isLive(command.id) ? values.get(command.id)?.value : undefined)
      return
    case 'delete':
      expect(await store.delete(command.id)).toBe(values.delete(command.id))
      return
    case 'settle':
      await store.settle(command.id)
      jobs.delete(command.id)
      return
    case 'list': {
      const found = await collect(store.listBySubject(command.subject))
      const fit = [...values].filter(([name, entry]) => entry.subject === command.subject && isLive(name))
      expect(sorted(found)).toEqual(sorted(fit.map(([name, entry]) => ({ id: name, value: entry.value }))))
      return
    }
    case 'sweep': {
      const expired = [...values].filter(([name]) => !isLive(name))
      const swept = await store.sweep(command.limit)
      expectSome(swept, expired, command.limit)
      for (const { id: name } of swept) values.delete(name)
      return
    }
    case 'enqueue':
      await store.enqueue(command.id, command.value, clock.now + command.wait)
      if (!jobs.has(command.id)) jobs.set(command.id, { value: command.value, due: clock.now + command.wait })
      return
    case 'claim': {
      const due = [...jobs].filter(([, job]) => job.due <= clock.now)
      const claimed = await store.claim(command.limit, command.lease)
      expectSome(claimed, due, command.limit)
      for (const { id: name, value: work } of claimed) jobs.set(name, { value: work, due: clock.now + command.lease })
      return
    }
    case 'pass':
      clock.now += command.time
  }
}

/** Everything that a listing yields. */
export async function collect(listing: AsyncIterable<StoredValue>): Promise<StoredValue[]> {
  const found: StoredValue[] = []
  for await (const each of listing) found.push(each)
  return found
}

/** The store chooses which ones, not how many and not what they hold. */
function expectSome(got: StoredValue[], all: [string, { value: string }][], most: number): void {
  expect(got).toHaveLength(Math.min(most, all.length))
  const known = new Map(all.map(([name, entry]) => [name, entry.value]))
  expect(new Set(got.map((each) => each.id)).size).toBe(got.length)
  for (const each of got) expect(each.value).toBe(known.get(each.id))
}

function sorted(list: StoredValue[]): StoredValue[] {
  return list.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
