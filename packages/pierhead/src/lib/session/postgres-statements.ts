/**
 * Every method of the store is one statement, so one transaction. Sweeps and claims pass over rows that somebody else holds,
 * and `ARRAY(…)` makes sure that the rows are chosen once.
 */
export interface PostgresStatements {
  readonly create: string
  readonly read: string
  readonly replace: string
  readonly delete: string
  readonly list: string
  readonly take: string
  readonly remove: string
  readonly enqueue: string
  readonly claim: string
  readonly settle: string
}

export function statements(prefix: string): PostgresStatements {
  const value = `${prefix}value`
  const job = `${prefix}job`
  return {
    create: `INSERT INTO ${value} (id, value, subject, expires_at) VALUES ($1, $2, $3, $4)
      ON CONFLICT DO NOTHING RETURNING id`,
    read: `SELECT id, value FROM ${value} WHERE id = $1 AND expires_at > $2`,
    // In use again by a clock that is behind: a sweep that hid it must not remove it.
    replace: `UPDATE ${value} SET value = $1, expires_at = $2, hidden_until = 0
      WHERE id = $3 AND value = $4 AND expires_at > $5 RETURNING id`,
    delete: `DELETE FROM ${value} WHERE id = $1 RETURNING id`,
    list: `SELECT id, value FROM ${value} WHERE subject = $1 AND id > $2 AND expires_at > $3 ORDER BY id LIMIT $4`,
    take: `UPDATE ${value} SET hidden_until = $1 WHERE id = ANY(ARRAY(
        SELECT id FROM ${value} WHERE expires_at <= $2 AND hidden_until <= $2
        ORDER BY expires_at LIMIT $3 FOR UPDATE SKIP LOCKED))
      RETURNING id, value`,
    remove: `DELETE FROM ${value} WHERE id = ANY($1::text[]) AND hidden_until = $2 RETURNING id`,
    enqueue: `INSERT INTO ${job} (id, value, due) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    claim: `UPDATE ${job} SET due = $1 WHERE id = ANY(ARRAY(
        SELECT id FROM ${job} WHERE due <= $2 ORDER BY due LIMIT $3 FOR UPDATE SKIP LOCKED))
      RETURNING id, value`,
    settle: `DELETE FROM ${job} WHERE id = $1`,
  }
}
