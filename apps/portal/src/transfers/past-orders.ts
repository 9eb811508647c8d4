import type { SessionStore } from 'pierhead'
import * as z from 'zod'
import { isUuid } from '../files/place.ts'
import { createVault } from '../vault.ts'
import { syncLevels, type CopyOrder, type SyncLevel } from './submission-form.ts'

/** What was ordered, apart from the id that makes one submission of it. */
export type PastOrder = Omit<CopyOrder, 'submissionId'>

/**
 * What people had copied through this portal: Transfer tells the options of a task afterwards, but not its items. Kept
 * beside the sessions, sealed, for as long as Globus keeps the history of a task, and found by its owner only.
 */
export interface PastOrders {
  /** Remembers an order. One that is too long is not kept, nor one for which another is kept. */
  keep(subject: string, taskId: string, order: PastOrder): Promise<void>
  /** Undefined: it was not ordered here, or long ago. */
  find(subject: string, taskId: string): Promise<PastOrder | undefined>
}

export interface PastOrdersOptions {
  readonly store: SessionStore
  /** The first one seals, all of them open. */
  readonly secrets: readonly string[]
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** Milliseconds. Globus forgets what a task did after 30 days: <https://docs.globus.org/faq/transfer-sharing/>. */
const kept = 30 * 86_400_000
/** Characters. Some thousand names; databases should not hold lists without end. */
const longest = 200_000

export function createPastOrders({ store, secrets, now }: PastOrdersOptions): PastOrders {
  const keys = secrets.map((secret) => createVault(secret, 'past orders'))
  const nameOf = (subject: string, taskId: string): string => `${subject} ${taskId.toLowerCase()}`
  return {
    async keep(subject, taskId, order) {
      const [own] = keys
      const text = JSON.stringify(order)
      if (own === undefined || text.length > longest) return
      const id = `order:${own.idOf(nameOf(subject, taskId))}`
      // Nothing else has this subject: sessions are listed by a person's own.
      await store.create(id, own.seal(id, text), { subject: id, expiresAt: now() + kept })
    },
    async find(subject, taskId) {
      for (const own of keys) {
        const id = `order:${own.idOf(nameOf(subject, taskId))}`
        const value = await store.read(id)
        const text = value === undefined ? undefined : own.open(id, value)
        if (text !== undefined) return readPastOrder(text)
      }
      return undefined
    },
  }
}

const uuid = z.string().refine(isUuid)
const pastOrder: z.ZodType<PastOrder> = z.object({
  source: uuid,
  sourcePath: z.string(),
  names: z.array(z.string()).min(1),
  destination: uuid,
  destinationPath: z.string(),
  options: z.object({
    label: z.string(),
    sync: z.custom<SyncLevel>((level) => typeof level === 'string' && Object.hasOwn(syncLevels, level)),
    verify: z.boolean(),
    encrypt: z.boolean(),
    preserve: z.boolean(),
    exclude: z.array(z.string()),
  }),
})

/** Another version of the portal may have written it otherwise: then nothing is known. */
function readPastOrder(text: string): PastOrder | undefined {
  const read = pastOrder.safeParse(JSON.parse(text))
  return read.success ? read.data : undefined
}
