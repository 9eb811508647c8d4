import type { DatabaseSync } from 'node:sqlite'
import { optional } from './identities.ts'
import { strings, text, type Row } from './row.ts'

/** What developers share: clients, scopes and policies belong to a project, and its admins manage them. */
export interface Project {
  readonly id: string
  readonly displayName: string
  readonly contactEmail: string
  readonly adminIds: readonly string[]
  /** Groups whose admins are admins of the project too. */
  readonly adminGroupIds: readonly string[]
}

export interface Projects {
  put(project: Project): void
  find(id: string): Project | undefined
  all(): readonly Project[]
  /** The projects that one of those identities is an admin of. */
  administeredBy(identities: readonly string[]): readonly Project[]
  remove(id: string): void
}

export function projectsIn(database: DatabaseSync): Projects {
  const put = database.prepare(`
    INSERT INTO projects (id, display_name, contact_email, admin_ids, admin_group_ids) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET display_name = excluded.display_name, contact_email = excluded.contact_email,
      admin_ids = excluded.admin_ids, admin_group_ids = excluded.admin_group_ids`)
  const find = database.prepare('SELECT * FROM projects WHERE id = ?')
  const all = database.prepare('SELECT * FROM projects ORDER BY rowid')
  const administered = database.prepare(`
    SELECT * FROM projects p WHERE EXISTS (SELECT 1 FROM json_each(p.admin_ids) admin, json_each(?) me WHERE admin.value = me.value)
    ORDER BY rowid`)
  const remove = database.prepare('DELETE FROM projects WHERE id = ?')
  return {
    put: (p) =>
      void put.run(p.id, p.displayName, p.contactEmail, JSON.stringify(p.adminIds), JSON.stringify(p.adminGroupIds)),
    find: (id) => optional(find.get(id), toProject),
    all: () => all.all().map(toProject),
    administeredBy: (identities) => administered.all(JSON.stringify(identities)).map(toProject),
    remove: (id) => void remove.run(id),
  }
}

function toProject(row: Row): Project {
  return {
    id: text(row, 'id'),
    displayName: text(row, 'display_name'),
    contactEmail: text(row, 'contact_email'),
    adminIds: strings(row, 'admin_ids'),
    adminGroupIds: strings(row, 'admin_group_ids'),
  }
}
