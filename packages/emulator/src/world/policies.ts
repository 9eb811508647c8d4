import type { DatabaseSync } from 'node:sqlite'
import { optional } from './identities.ts'
import { optionalInteger, strings, text, truth, type Row } from './row.ts'

/** A rule about logins that services demand by its id (`session_required_policies`). */
export interface Policy {
  readonly id: string
  readonly project: string
  readonly displayName: string
  readonly description: string
  /** Whether it is about the logins of the session; otherwise the identities of the account are enough. */
  readonly highAssurance: boolean
  /** Whether the login must have used a second factor; for high assurance only. */
  readonly requiredMfa: boolean
  /** Seconds for which a login counts, or null for ever. */
  readonly authenticationAssuranceTimeout: number | null
  /** The domains of which one is needed, or null for any. */
  readonly domainsInclude: readonly string[] | null
  /** The domains that do not count, or null. */
  readonly domainsExclude: readonly string[] | null
}

export interface Policies {
  put(policy: Policy): void
  find(id: string): Policy | undefined
  inProject(project: string): readonly Policy[]
  remove(id: string): void
}

export function policiesIn(database: DatabaseSync): Policies {
  const put = database.prepare(`
    INSERT INTO policies (id, project, display_name, description, high_assurance, required_mfa, authentication_assurance_timeout,
      domains_include, domains_exclude)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET project = excluded.project, display_name = excluded.display_name, description = excluded.description,
      high_assurance = excluded.high_assurance, required_mfa = excluded.required_mfa,
      authentication_assurance_timeout = excluded.authentication_assurance_timeout, domains_include = excluded.domains_include,
      domains_exclude = excluded.domains_exclude`)
  const find = database.prepare('SELECT * FROM policies WHERE id = ?')
  const inProject = database.prepare('SELECT * FROM policies WHERE project = ? ORDER BY rowid')
  const remove = database.prepare('DELETE FROM policies WHERE id = ?')
  return {
    put: (p) => {
      const about = [p.id, p.project, p.displayName, p.description, p.highAssurance ? 1 : 0, p.requiredMfa ? 1 : 0]
      put.run(...about, p.authenticationAssuranceTimeout, stored(p.domainsInclude), stored(p.domainsExclude))
    },
    find: (id) => optional(find.get(id), toPolicy),
    inProject: (project) => inProject.all(project).map(toPolicy),
    remove: (id) => void remove.run(id),
  }
}

const stored = (domains: readonly string[] | null): string | null => (domains === null ? null : JSON.stringify(domains))

function toPolicy(row: Row): Policy {
  return {
    id: text(row, 'id'),
    project: text(row, 'project'),
    displayName: text(row, 'display_name'),
    description: text(row, 'description'),
    highAssurance: truth(row, 'high_assurance'),
    requiredMfa: truth(row, 'required_mfa'),
    authenticationAssuranceTimeout: optionalInteger(row, 'authentication_assurance_timeout'),
    domainsInclude: domainsOf(row, 'domains_include'),
    domainsExclude: domainsOf(row, 'domains_exclude'),
  }
}

const domainsOf = (row: Row, column: string): readonly string[] | null =>
  row[column] === null ? null : strings(row, column)
