import type { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { optional } from './identities.ts'
import { text, truth, type Row } from './row.ts'

/** A scope that another one brings along: consenting to the outer one includes it unless it is optional. */
export interface DependentScope {
  readonly scope: string
  readonly optional: boolean
}

export interface Scope {
  readonly id: string
  readonly scopeString: string
  /** The client of the service that owns the scope. */
  readonly client: string
  /** The key under which its tokens are kept; it cannot be derived from the scope string. */
  readonly resourceServer: string
  /** What it allows, in words that continue "This app would like to". */
  readonly description: string
  readonly allowsRefreshToken: boolean
  readonly dependentScopes: readonly DependentScope[]
}

/** The registered scopes. Collections and flows add theirs here when they come into being. */
export interface Scopes {
  put(scope: Scope): void
  find(scopeString: string): Scope | undefined
  ownedBy(client: string): readonly Scope[]
}

export function scopesIn(database: DatabaseSync): Scopes {
  const put = database.prepare(`
    INSERT OR REPLACE INTO scopes (id, scope_string, client, resource_server, description, allows_refresh_token, dependent_scopes)
    VALUES (?, ?, ?, ?, ?, ?, ?)`)
  const find = database.prepare('SELECT * FROM scopes WHERE scope_string = ?')
  const ownedBy = database.prepare('SELECT * FROM scopes WHERE client = ? ORDER BY scope_string')
  return {
    put: (s) => {
      const dependents = JSON.stringify(s.dependentScopes)
      put.run(s.id, s.scopeString, s.client, s.resourceServer, s.description, s.allowsRefreshToken ? 1 : 0, dependents)
    },
    find: (scopeString) => optional(find.get(scopeString), toScope),
    ownedBy: (client) => ownedBy.all(client).map(toScope),
  }
}

const dependentScopes = z.array(z.object({ scope: z.string(), optional: z.boolean() }))

function toScope(row: Row): Scope {
  return {
    id: text(row, 'id'),
    scopeString: text(row, 'scope_string'),
    client: text(row, 'client'),
    resourceServer: text(row, 'resource_server'),
    description: text(row, 'description'),
    allowsRefreshToken: truth(row, 'allows_refresh_token'),
    dependentScopes: dependentScopes.parse(JSON.parse(text(row, 'dependent_scopes'))),
  }
}
