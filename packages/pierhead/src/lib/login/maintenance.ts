import { sweepSessions } from '../session/session-census.ts'
import type { LoginContext } from './context.ts'
import { tokenSetsIn } from './session-content.ts'

const interval = 60_000
/** What an earlier process left behind is worked off soon after a start, and not while everything else starts too. */
const firstRun = 1000
const batch = 100

export interface Maintenance {
  /** Sweeps expired sessions, revokes their tokens, and works off the queue. */
  readonly run: () => Promise<void>
  readonly stop: () => void
}

export function startMaintenance(context: LoginContext): Maintenance {
  const run = (): Promise<void> => maintain(context)
  const runAlone = (): void => {
    run().catch((cause: unknown) => {
      const message = 'Expired sessions or queued revocations could not be worked off. Is the session store reachable?'
      context.events.emit({ event: 'revocation_failed', level: 'error', message, cause })
    })
  }
  const first = setTimeout(runAlone, firstRun).unref()
  const timer = setInterval(runAlone, interval).unref()
  const stop = (): void => {
    clearTimeout(first)
    clearInterval(timer)
  }
  return { run, stop }
}

async function maintain(context: LoginContext): Promise<void> {
  const { store, sealers, revocations, settings } = context
  for (;;) {
    const { swept, tokens } = await sweepSessions({ store, sealers, now: settings.clock.now }, batch)
    for (const capsule of tokens) await revocations.revoke(tokenSetsIn(capsule))
    if (swept < batch) break
  }
  await revocations.drain()
}
