import { randomBytes } from 'node:crypto'
import { isPierheadError, LoginError } from '../../errors.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import type { Sealer } from '../session/seal.ts'
import type { SessionStore } from '../session/session-store.ts'
import type { Clock } from './clock.ts'

/** Where the processes of an application keep the tokens that they share. */
export interface SharedPlace {
  readonly store: SessionStore
  readonly sealer: Sealer
}

export interface SharedRequest {
  /** Names the record in the store. */
  readonly key: string
  readonly clock: Clock
  readonly isUsable: (tokens: readonly TokenSet[]) => boolean
  /** Ends within ten seconds, whatever the provider does. */
  readonly ask: () => Promise<TokenSet[]>
}

interface Shared {
  /** Sealed; empty before the first. */
  readonly tokens: string
  /** Who is asking for new ones. */
  readonly owner?: string
}

/** Whoever asks is done within ten seconds; a mark that stood for longer, by the waiter's own clock, is a dead process's. */
const term = 12_000
const longestWait = 40_000
const firstPoll = 25
const longestPoll = 400
/** The record is never swept: what is in it decides by itself how long it is good. */
const tenYears = 10 * 365 * 86_400_000

/** Tokens that any process got, or new ones that exactly one process asks for. Without a working store, each asks itself. */
export async function takeShared(place: SharedPlace, request: SharedRequest): Promise<readonly TokenSet[]> {
  try {
    return await takeFromStore(place, request)
  } catch (error) {
    if (isPierheadError(error) && error.code === 'store_unavailable') return request.ask()
    throw error
  }
}

async function takeFromStore(
  { store, sealer }: SharedPlace,
  { key, clock, isUsable, ask }: SharedRequest,
): Promise<readonly TokenSet[]> {
  const owner = randomBytes(9).toString('base64url')
  const started = clock.monotonic()
  const expires = { expiresAt: clock.now() + tenYears }
  let seen: { readonly text: string | undefined; readonly since: number } | undefined
  for (let poll = firstPoll; clock.monotonic() - started < longestWait; poll = Math.min(longestPoll, poll * 2)) {
    const text = await store.read(key)
    const record = read(text)
    const tokens = open(sealer, record.tokens)
    if (tokens !== undefined && isUsable(tokens)) return tokens
    if (seen === undefined || seen.text !== text) seen = { text, since: clock.monotonic() }
    if (record.owner === undefined || clock.monotonic() - seen.since >= term) {
      const marked = write({ tokens: record.tokens, owner })
      const isMine =
        text === undefined
          ? await store.create(key, marked, { subject: '', ...expires })
          : await store.replace(key, text, marked, expires)
      if (isMine) {
        const next = await ask().catch(async (error: unknown) => {
          await store.replace(key, marked, write({ tokens: record.tokens }), expires)
          throw error
        })
        // Losing means that somebody took over: both tokens are good.
        await store.replace(key, marked, write({ tokens: sealer.seal(JSON.stringify(next)) }), expires)
        return next
      }
    }
    await clock.wait(poll)
  }
  throw new LoginError('provider_timeout', `Other processes are asking for tokens for more than ${longestWait} ms.`)
}

function write(record: Shared): string {
  return `${record.owner ?? ''}~${record.tokens}`
}

function read(text: string | undefined): Shared {
  const [owner = '', tokens = ''] = text?.split('~', 2) ?? []
  return owner === '' ? { tokens } : { tokens, owner }
}

function open(sealer: Sealer, sealed: string): TokenSet[] | undefined {
  const opened = sealed === '' ? undefined : sealer.open(sealed)
  if (opened === undefined || 'failure' in opened) return undefined
  // Sealed above, under a key that nothing else seals with.
  return JSON.parse(opened.text) as TokenSet[]
}
