import type { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { optional } from './identities.ts'
import { optionalText, strings, text, truth, type Row } from './row.ts'

/** A scope that another one brings along: consenting to the outer one includes it unless it is optional. */
export interface DependentScope {
  readonly scope: string
  readonly optional: boolean
  /** Whether the service needs refresh tokens for it. */
  readonly requiresRefreshToken?: boolean | undefined
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
  /** A short name for the developer API, or null where nobody gave one. */
  readonly name: string | null
  /** Whether everybody may look it up. */
  readonly advertised: boolean
  /** Domains of which a person must have an identity to use it; any one will do. */
  readonly requiredDomains: readonly string[]
}

type Registration = 'name' | 'advertised' | 'requiredDomains'

/** A scope to store; what only its registration knows may be left out. */
export type NewScope = Omit<Scope, Registration> & Partial<Pick<Scope, Registration>>

/** The registered scopes. Collections and flows add theirs here when they come into being. */
export interface Scopes {
  put(scope: NewScope): void
  find(scopeString: string): Scope | undefined
  findById(id: string): Scope | undefined
  ownedBy(client: string): readonly Scope[]
  remove(scopeString: string): void
}

export function scopesIn(database: DatabaseSync): Scopes {
  const find = database.prepare('SELECT * FROM scopes WHERE scope_string = ?')
  const findById = database.prepare('SELECT * FROM scopes WHERE id = ?')
  const ownedBy = database.prepare('SELECT * FROM scopes WHERE client = ? ORDER BY scope_string')
  const remove = database.prepare('DELETE FROM scopes WHERE scope_string = ?')
  return {
    put: putIn(database),
    find: (scopeString) => optional(find.get(scopeString), toScope),
    findById: (id) => optional(findById.get(id), toScope),
    ownedBy: (client) => ownedBy.all(client).map(toScope),
    remove: (scopeString) => void remove.run(scopeString),
  }
}

function putIn(database: DatabaseSync): Scopes['put'] {
  const put = database.prepare(`
    INSERT INTO scopes (id, scope_string, client, resource_server, description, allows_refresh_token, dependent_scopes, name, advertised,
      required_domains)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (scope_string) DO UPDATE SET id = excluded.id, client = excluded.client, resource_server = excluded.resource_server,
      description = excluded.description, allows_refresh_token = excluded.allows_refresh_token,
      dependent_scopes = excluded.dependent_scopes, name = excluded.name, advertised = excluded.advertised,
      required_domains = excluded.required_domains`)
  return (s) => {
    const what = [s.id, s.scopeString, s.client, s.resourceServer, s.description, s.allowsRefreshToken ? 1 : 0]
    const registration = [s.name ?? null, s.advertised === false ? 0 : 1, JSON.stringify(s.requiredDomains ?? [])]
    put.run(...what, JSON.stringify(s.dependentScopes), ...registration)
  }
}

const dependentScopes = z.array(
  z.object({ scope: z.string(), optional: z.boolean(), requiresRefreshToken: z.boolean().optional() }),
)

function toScope(row: Row): Scope {
  return {
    id: text(row, 'id'),
    scopeString: text(row, 'scope_string'),
    client: text(row, 'client'),
    resourceServer: text(row, 'resource_server'),
    description: text(row, 'description'),
    allowsRefreshToken: truth(row, 'allows_refresh_token'),
    dependentScopes: dependentScopes.parse(JSON.parse(text(row, 'dependent_scopes'))),
    name: optionalText(row, 'name'),
    advertised: truth(row, 'advertised'),
    requiredDomains: strings(row, 'required_domains'),
  }
}
