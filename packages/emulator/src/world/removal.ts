import type { DatabaseSync } from 'node:sqlite'

/** Takes people out of the world. */
export interface Removal {
  /** Forgets an identity, with its logins, codes, tokens and consents; a primary one takes its linked ones along. Says how many went. */
  identity(id: string): number
}

/** The identities that go: all of an account, or the one that is linked to another. */
const GONE = 'SELECT id FROM identities WHERE id = :id OR primary_identity = :id'

const dependants: readonly string[] = [
  `DELETE FROM tokens WHERE identity IN (${GONE})`,
  `DELETE FROM codes WHERE identity IN (${GONE})`,
  `DELETE FROM consents WHERE identity IN (${GONE})`,
  `DELETE FROM auth_sessions WHERE identity IN (${GONE})`,
  `DELETE FROM attempts WHERE account IN (${GONE})`,
  `DELETE FROM browser_sessions WHERE account IN (${GONE})`,
  `DELETE FROM authentications WHERE identity IN (${GONE})`,
  `DELETE FROM memberships WHERE identity IN (${GONE})`,
  `DELETE FROM membership_fields WHERE identity IN (${GONE})`,
  `DELETE FROM group_preferences WHERE identity IN (${GONE})`,
]

export function removalIn(database: DatabaseSync): Removal {
  const statements = dependants.map((sql) => database.prepare(sql))
  const remove = database.prepare('DELETE FROM identities WHERE id = :id OR primary_identity = :id')
  return {
    identity: (id) => {
      for (const statement of statements) statement.run({ id })
      return Number(remove.run({ id }).changes)
    },
  }
}
