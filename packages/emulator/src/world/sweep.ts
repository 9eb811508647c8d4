import type { DatabaseSync } from 'node:sqlite'

/** Forgets what is over. */
export interface Sweep {
  /** Forgets a little of what ended a day ago, at most once a second; says how many records went. */
  old(now: number): number
}

/** What ended is kept for a day, for whoever asks the inspector why something was refused. */
const KEPT = 86_400_000
const INTERVAL = 1000
/** Records of each kind in one sweep, so that no request waits for it. */
const AT_MOST = 500

/**
 * A token that a refresh replaced is remembered for as long as its login has a live token, and a code for as long as tokens of it are
 * remembered: their reuse must be noticed.
 */
const endings: readonly string[] = [
  'DELETE FROM attempts WHERE id IN (SELECT id FROM attempts WHERE expires_at <= :now LIMIT :limit)',
  'DELETE FROM browser_sessions WHERE id IN (SELECT id FROM browser_sessions WHERE expires_at <= :now LIMIT :limit)',
  `DELETE FROM tokens WHERE fingerprint IN (
     SELECT fingerprint FROM tokens WHERE expires_at <= :before AND rotated = 0
     UNION ALL
     SELECT fingerprint FROM tokens WHERE revoked_at <= :before AND rotated = 0
     UNION ALL
     SELECT fingerprint FROM tokens old WHERE revoked_at <= :before AND rotated = 1 AND NOT EXISTS (
       SELECT 1 FROM tokens live WHERE live.grant_id = old.grant_id AND live.revoked_at IS NULL AND live.expires_at > :now)
     LIMIT :limit)`,
  `DELETE FROM codes WHERE fingerprint IN (
     SELECT fingerprint FROM codes c WHERE expires_at <= :before
       AND NOT EXISTS (SELECT 1 FROM tokens WHERE grant_id = c.fingerprint) LIMIT :limit)`,
  `DELETE FROM auth_sessions WHERE id IN (
     SELECT id FROM auth_sessions s WHERE created_at <= :before
       AND NOT EXISTS (SELECT 1 FROM tokens WHERE auth_session = s.id)
       AND NOT EXISTS (SELECT 1 FROM codes WHERE auth_session = s.id) LIMIT :limit)`,
]

export function sweepIn(database: DatabaseSync): Sweep {
  const statements = endings.map((sql) => {
    const statement = database.prepare(sql)
    statement.setAllowUnknownNamedParameters(true)
    return statement
  })
  let last = -Infinity
  return {
    old: (now) => {
      if (now >= last && now < last + INTERVAL) return 0
      last = now
      const values = { now, before: now - KEPT, limit: AT_MOST }
      return statements.reduce((sum, statement) => sum + Number(statement.run(values).changes), 0)
    },
  }
}

/** What sweeping looks for, in order. */
export const sweepIndexes = `
CREATE INDEX tokens_by_end ON tokens (expires_at);
CREATE INDEX tokens_by_revocation ON tokens (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX tokens_by_session ON tokens (auth_session);
CREATE INDEX codes_by_end ON codes (expires_at);
CREATE INDEX codes_by_session ON codes (auth_session);
CREATE INDEX auth_sessions_by_age ON auth_sessions (created_at);
CREATE INDEX attempts_by_end ON attempts (expires_at);
CREATE INDEX browser_sessions_by_end ON browser_sessions (expires_at);
`
