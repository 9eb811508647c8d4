import * as z from 'zod'
import { command, type Command } from '../control-command.ts'
import { randomUuid } from '../random.ts'
import { pausable } from '../world/pause-rules.ts'

const task = z.guid()
const collection = z.guid()

const state = z.strictObject({
  collection,
  online: z.boolean().exactOptional(),
  readOnly: z.boolean().exactOptional(),
  full: z.boolean().exactOptional(),
  quotaBytes: z.number().min(0).nullable().exactOptional(),
  authenticationTimeoutMins: z.number().min(0).exactOptional(),
})

/** The commands of the control API that force states on tasks and collections. */
export const transferCommands: readonly (readonly [string, Command])[] = [
  [
    'POST /tasks/pause',
    command(z.strictObject({ task, paused: z.boolean() }), ({ task, paused }, { transfer }) => ({
      changed: transfer.engine.pause(task, paused),
    })),
  ],
  [
    'POST /tasks/stall',
    command(z.strictObject({ task, stalled: z.boolean() }), ({ task, stalled }, { transfer }) => ({
      changed: transfer.engine.force(task, { stalled }),
    })),
  ],
  [
    'POST /tasks/inactivate',
    command(z.strictObject({ task }), ({ task }, { transfer }) => ({ changed: transfer.engine.inactivate(task) })),
  ],
  [
    'POST /tasks/fault',
    command(
      z.strictObject({ task, codes: z.array(z.string().regex(/^[A-Z_]+$/)).max(100) }),
      ({ task, codes }, { transfer }) => ({ changed: transfer.engine.force(task, { forcedFaults: codes }) }),
    ),
  ],
  [
    'POST /tasks/corrupt',
    command(z.strictObject({ task, files: z.int().min(1) }), ({ task, files }, { transfer }) => ({
      changed: transfer.engine.corrupt(task, files),
    })),
  ],
  [
    'POST /tasks/fail',
    command(z.strictObject({ task, code: z.string().regex(/^[A-Z_]+$/) }), async ({ task, code }, { transfer }) => ({
      changed: await transfer.engine.fail(task, code),
    })),
  ],
  [
    'POST /tasks/age',
    command(z.strictObject({ seconds: z.number().min(0).max(1e10) }), ({ seconds }, { world, transfer }) => {
      const changed = world.tasks.age(seconds * 1000)
      transfer.engine.wake()
      return { changed }
    }),
  ],
  [
    'PATCH /collections',
    command(state, ({ collection, ...changes }, { world, transfer }) => {
      const changed = world.collections.change(collection, changes)
      transfer.engine.wake()
      return { changed }
    }),
  ],
  [
    'POST /collections/speed',
    command(
      z.strictObject({ collection, bytesPerSecond: z.number().min(1).nullable() }),
      ({ collection, bytesPerSecond }, { transfer }) => transfer.engine.limitSpeed(collection, bytesPerSecond),
    ),
  ],
  [
    'POST /collections/pause',
    command(
      z.strictObject({
        collection,
        message: z.string(),
        operations: z.array(z.enum(pausable)),
        identity: z.guid().optional(),
      }),
      ({ collection, message, operations, identity }, { world, clock, random, transfer }) => {
        const id = randomUuid(random)
        world.pauseRules.put({
          id,
          collection,
          message,
          operations,
          identity: identity ?? null,
          startedAt: clock.now(),
        })
        transfer.engine.wake()
        return { id }
      },
    ),
  ],
  [
    'POST /collections/resume',
    command(z.strictObject({ collection }), ({ collection }, { world, transfer }) => {
      const removed = world.pauseRules.removeAll(collection)
      transfer.engine.wake()
      return { removed }
    }),
  ],
]
