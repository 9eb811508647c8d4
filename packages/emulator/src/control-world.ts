import * as z from 'zod'
import { command, type Command } from './control-command.ts'
import type { Emulator } from './emulator.ts'
import type { Snapshot } from './world/snapshots.ts'

const who = { client: z.string(), identity: z.string(), scopes: z.union([z.string(), z.array(z.string())]) }
const named = z.strictObject({ name: z.string().min(1).default('default') }).default({ name: 'default' })

/** The commands that act for people, and those that keep and put back the world. */
export function worldCommands(): readonly (readonly [string, Command])[] {
  const snapshots = new Map<string, Snapshot>()
  return [
    [
      'POST /tokens',
      command(
        z.strictObject({
          ...who,
          lifetime: z.number().min(0).max(1e10).optional(),
          refreshTokens: z.boolean().optional(),
        }),
        (order, emulator) => emulator.issueTokens(order),
      ),
    ],
    [
      'POST /authorize',
      command(
        z.strictObject({ url: z.url(), as: z.string(), decision: z.enum(['allow', 'deny']).optional() }),
        (order, emulator) => emulator.authorize(order).catch(refuse),
      ),
    ],
    ['POST /consents', command(z.strictObject(who), (grant, emulator) => ({ consents: emulator.preApprove(grant) }))],
    // The seed's own check names what is wrong.
    ['POST /seed', (seed, emulator) => (emulator.plant(toSeed(seed)), emulator.info())],
    ['GET /info', command(z.unknown(), (_, emulator) => emulator.info())],
    [
      'POST /snapshot',
      command(named, ({ name }, { world }) => {
        snapshots.set(name, world.snapshot())
        return { name }
      }),
    ],
    [
      'POST /restore',
      command(named, ({ name }, { world }) => {
        const snapshot = snapshots.get(name)
        if (snapshot === undefined) throw new TypeError(`There is no snapshot ${name}`)
        world.restore(snapshot)
        return { name }
      }),
    ],
  ]
}

// plant() checks every key before it is used.
const toSeed = (document: unknown): Parameters<Emulator['plant']>[0] => document as Parameters<Emulator['plant']>[0]

/** What went wrong on the pages is the caller's to know, not a defect. */
function refuse(error: unknown): never {
  throw new TypeError(error instanceof Error ? error.message : String(error), { cause: error })
}
