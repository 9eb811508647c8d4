import { randomUUID } from 'node:crypto'
import type { Clock, SessionStore } from 'pierhead'
import * as z from 'zod'
import { createVault, type Vault } from '../vault.ts'

/**
 * Does a piece of work once for all who ask for the same at the same time, in every process that uses the store: the others wait
 * and are given what it made. Undefined: somebody has been at it for long, and nobody knows what will become of it.
 */
export type Once = <Result>(key: string, piece: Piece<Result>) => Promise<Result | undefined>

export interface Piece<Result> {
  work(): Promise<Result>
  /** What the others are told of a result. Undefined: nothing was made, and they try it themselves. */
  toText(result: Result): string | undefined
  fromText(text: string): Result
}

export interface OnceOptions {
  readonly store: SessionStore
  /** Those of the sessions; the first one counts. */
  readonly secrets: readonly string[]
  readonly clock: Pick<Clock, 'now' | 'wait'>
}

/** Milliseconds: a result is told for as long as somebody presses a button twice. */
const told = 20_000
/** Whoever has not ended after this was ended itself: no work takes as long. */
const lease = 120_000
/** How long the others wait, and how often they look. */
const [patience, pause] = [30_000, 200]
/** Entries outlast every lease by far: one that is over cannot be made anew until it was swept. */
const kept = 86_400_000

const entryShape = z.object({ until: z.number(), owner: z.string(), result: z.string().optional() })
type Entry = z.infer<typeof entryShape>

export function createOnce({ clock, secrets: [secret = ''], store }: OnceOptions): Once {
  const shelf: Shelf = { clock, store, vault: createVault(secret, 'work that is done once') }
  return async (key, piece) => {
    const id = `once:${shelf.vault.idOf(key)}`
    const turn = await takeTurn(shelf, id)
    if (turn === undefined) return undefined
    if ('result' in turn) return piece.fromText(turn.result)
    try {
      const result = await piece.work()
      await endTurn(shelf, id, { own: turn.own, result: piece.toText(result) })
      return result
    } catch (error) {
      await endTurn(shelf, id, { own: turn.own, result: undefined })
      throw error
    }
  }
}

interface Shelf extends Pick<OnceOptions, 'clock' | 'store'> {
  readonly vault: Vault
}

/** The turn to work, as the text that marks it in the store; or what was made. */
type Turn = { readonly own: string } | { readonly result: string }

async function takeTurn({ clock, store, vault }: Shelf, id: string): Promise<Turn | undefined> {
  const giveUp = clock.now() + patience
  const owner = randomUUID()
  for (;;) {
    const before = await store.read(id)
    const entry = before === undefined ? undefined : read(vault.open(id, before))
    const isHeld = entry !== undefined && entry.until > clock.now()
    if (isHeld && entry.result !== undefined) return { result: entry.result }
    if (!isHeld) {
      const own = vault.seal(id, JSON.stringify({ until: clock.now() + lease, owner } satisfies Entry))
      const expiresAt = clock.now() + kept
      const isMine = await (before === undefined
        ? store.create(id, own, { subject: id, expiresAt })
        : store.replace(id, before, own, { expiresAt }))
      if (isMine) return { own }
    }
    if (clock.now() > giveUp) return undefined
    await clock.wait(pause)
  }
}

interface EndedTurn {
  readonly own: string
  readonly result: string | undefined
}

/** Swaps, so that whoever took the turn over after a lease keeps it. */
async function endTurn({ clock, store, vault }: Shelf, id: string, { own, result }: EndedTurn): Promise<void> {
  const until = result === undefined ? 0 : clock.now() + told
  const text = vault.seal(id, JSON.stringify({ until, owner: '', result } satisfies Entry))
  try {
    await store.replace(id, own, text, { expiresAt: clock.now() + kept })
  } catch {
    // What was made is there, whatever the store says; the lease ends by itself.
  }
}

/** Another version of the portal may have written it otherwise: then nobody holds it. */
function read(text: string | undefined): Entry | undefined {
  return text === undefined ? undefined : entryShape.safeParse(JSON.parse(text)).data
}
