import type { LoginSession } from 'pierhead'
import type { PortalLog } from '../log.ts'

/** Something that the portal did at Globus for somebody, or did not do. It holds no token. */
export interface Act {
  readonly act: 'grant_access' | 'share_folder'
  /** Whose right it was done with: the portal's own identity, or the person. */
  readonly as: 'portal' | 'person'
  readonly outcome: 'done' | 'there_already' | 'refused' | 'failed'
  readonly collection: string
  readonly path: string
  /** The permission that was given, or the guest collection that was made. */
  readonly rule?: string | undefined
  readonly made?: string | undefined
  /** Why not: a stable word, or the service's code. */
  readonly reason?: string | undefined
}

export interface NotedAct extends Act {
  /** Epoch milliseconds. */
  readonly at: number
  /** UUID of the identity. */
  readonly subject: string
  readonly username: string
  /** Names the lines of the log that belong to it. */
  readonly request: string | undefined
}

/** One line of the log for each act, refusals too. The latest of this process can be listed. */
export interface Audit {
  note(session: Pick<LoginSession, 'claims'>, act: Act): void
  /** The newest first. */
  list(): readonly NotedAct[]
}

const most = 200

export function createAudit({ logger, requestId }: Pick<PortalLog, 'logger' | 'requestId'>, now: () => number): Audit {
  const kept: NotedAct[] = []
  return {
    note({ claims: { preferred_username: username, sub: subject } }, act) {
      const who = { subject, username: username ?? '' }
      // The log gives each line its time and its request.
      logger.info({ event: 'act', ...act, ...who }, 'The portal was asked to act at Globus.')
      kept.unshift({ ...act, ...who, at: now(), request: requestId() })
      kept.length = Math.min(kept.length, most)
    },
    list: () => kept,
  }
}
