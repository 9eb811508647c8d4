import type { DatabaseSync } from 'node:sqlite'
import { optional } from './identities.ts'
import { integer, optionalInteger, text, truth, type Row } from './row.ts'
import type { Scope } from './scopes.ts'

/** One place in the tree of what is asked for: a scope, and below it the scopes that its service may use on the person's behalf. */
export interface ConsentRequest {
  readonly scope: Scope
  readonly optional: boolean
  readonly dependencies: readonly ConsentRequest[]
}

/** One place in the tree of what a person has allowed. */
export interface Consent {
  readonly id: number
  readonly rootClient: string
  readonly client: string
  readonly identity: string
  readonly scope: string
  readonly parent: number | null
  readonly atomicallyRevocable: boolean
  readonly createdAt: number
  readonly updatedAt: number
  readonly lastUsedAt: number
}

/** Whose consent, and for which app. */
export interface ConsentOwner {
  readonly client: string
  readonly identity: string
}

export interface Consents {
  /** Whether every place of the trees has been allowed before. */
  covers(owner: ConsentOwner, requests: readonly ConsentRequest[]): boolean
  grant(owner: ConsentOwner, requests: readonly ConsentRequest[], at: number): void
  list(owner: ConsentOwner): readonly Consent[]
  /** Everything that a person has allowed any app, parents before children. */
  ofIdentity(identity: string): readonly Consent[]
  find(id: number): Consent | undefined
  /** The place of a scope in an owner's tree: at the root, or below a parent. */
  place(owner: ConsentOwner, scope: string, parent?: number): Consent | undefined
  /** What was allowed below a place. */
  children(parent: number): readonly Consent[]
  touch(ids: readonly number[], at: number): void
  /** Withdraws one place and all below it. @returns the ids that went */
  remove(id: number): readonly number[]
  idsOf(owner: Partial<ConsentOwner>): readonly number[]
  /** The places of a scope in everybody's trees. */
  ofScope(scope: string): readonly Consent[]
  /** Forgets what was allowed, for all apps and people unless named; says how many places of trees went. */
  rescind(owner: Partial<ConsentOwner>): number
}

export function consentsIn(database: DatabaseSync): Consents {
  const find = database.prepare(
    'SELECT id FROM consents WHERE root_client = ? AND identity = ? AND scope = ? AND coalesce(parent, 0) = ?',
  )
  const put = database.prepare(`
    INSERT INTO consents (root_client, client, identity, scope, parent, atomically_revocable, created_at, updated_at, last_used_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET updated_at = excluded.updated_at, last_used_at = excluded.last_used_at RETURNING id`)
  const list = database.prepare('SELECT * FROM consents WHERE root_client = ? AND identity = ? ORDER BY id')
  const rescind = database.prepare(
    'DELETE FROM consents WHERE root_client = coalesce(?, root_client) AND identity = coalesce(?, identity)',
  )

  const covers = (owner: ConsentOwner, requests: readonly ConsentRequest[], parent = 0): boolean =>
    requests.every((request) => {
      const row = find.get(owner.client, owner.identity, request.scope.scopeString, parent)
      return row !== undefined && covers(owner, request.dependencies, integer(row, 'id'))
    })

  const grant = (owner: ConsentOwner, requests: readonly ConsentRequest[], at: number, above?: Above): void => {
    for (const { scope, optional, dependencies } of requests) {
      const place = [owner.client, above?.client ?? owner.client, owner.identity, scope.scopeString, above?.id ?? null]
      const row = put.get(...place, optional ? 1 : 0, at, at, at)
      if (row !== undefined) grant(owner, dependencies, at, { id: integer(row, 'id'), client: scope.client })
    }
  }

  return {
    covers: (owner, requests) => covers(owner, requests),
    grant: (owner, requests, at) => grant(owner, requests, at),
    list: (owner) => list.all(owner.client, owner.identity).map(toConsent),
    ...placesIn(database),
    rescind: (owner) => Number(rescind.run(owner.client ?? null, owner.identity ?? null).changes),
  }
}

type PlaceMethods = 'ofIdentity' | 'idsOf' | 'find' | 'place' | 'children' | 'touch' | 'remove' | 'ofScope'

function placesIn(database: DatabaseSync): Pick<Consents, PlaceMethods> {
  const ofIdentity = database.prepare('SELECT * FROM consents WHERE identity = ? ORDER BY id')
  const find = database.prepare('SELECT * FROM consents WHERE id = ?')
  const place = database.prepare(
    'SELECT * FROM consents WHERE root_client = ? AND identity = ? AND scope = ? AND coalesce(parent, 0) = ?',
  )
  const children = database.prepare('SELECT * FROM consents WHERE parent = ? ORDER BY id')
  const idsOf = database.prepare(
    'SELECT id FROM consents WHERE root_client = coalesce(?, root_client) AND identity = coalesce(?, identity)',
  )
  const ofScope = database.prepare('SELECT * FROM consents WHERE scope = ? ORDER BY id')
  const touch = database.prepare('UPDATE consents SET last_used_at = ? WHERE id = ?')
  const subtree = database.prepare(`
    WITH RECURSIVE below (id) AS (SELECT id FROM consents WHERE id = ? UNION SELECT c.id FROM consents c, below b WHERE c.parent = b.id)
    SELECT id FROM below`)
  const remove = database.prepare('DELETE FROM consents WHERE id = ?')
  return {
    ofIdentity: (identity) => ofIdentity.all(identity).map(toConsent),
    find: (id) => optional(find.get(id), toConsent),
    place: (owner, scope, parent = 0) => optional(place.get(owner.client, owner.identity, scope, parent), toConsent),
    children: (parent) => children.all(parent).map(toConsent),
    idsOf: (owner) => idsOf.all(owner.client ?? null, owner.identity ?? null).map((row) => integer(row, 'id')),
    ofScope: (scope) => ofScope.all(scope).map(toConsent),
    touch: (ids, at) => {
      for (const id of ids) touch.run(at, id)
    },
    remove: (id) => {
      const ids = subtree.all(id).map((row) => integer(row, 'id'))
      // What hangs below goes along (ON DELETE CASCADE).
      remove.run(id)
      return ids
    },
  }
}

interface Above {
  readonly id: number
  readonly client: string
}

function toConsent(row: Row): Consent {
  return {
    id: integer(row, 'id'),
    rootClient: text(row, 'root_client'),
    client: text(row, 'client'),
    identity: text(row, 'identity'),
    scope: text(row, 'scope'),
    parent: optionalInteger(row, 'parent'),
    atomicallyRevocable: truth(row, 'atomically_revocable'),
    createdAt: integer(row, 'created_at'),
    updatedAt: integer(row, 'updated_at'),
    lastUsedAt: integer(row, 'last_used_at'),
  }
}
