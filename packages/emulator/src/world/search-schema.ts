/** The tables of Search. What an entry says is JSON. */
export const searchTables = `
-- status: open or delete_pending.
CREATE TABLE search_indexes (
  id TEXT PRIMARY KEY, display_name TEXT NOT NULL, description TEXT NOT NULL, status TEXT NOT NULL, subscription_id TEXT,
  created_at INTEGER NOT NULL, modified_at INTEGER
) STRICT;

CREATE TABLE search_roles (
  id TEXT PRIMARY KEY, index_id TEXT NOT NULL REFERENCES search_indexes (id) ON DELETE CASCADE, role TEXT NOT NULL,
  principal TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX search_roles_by_place ON search_roles (index_id, role, principal);

-- entry_id: empty for the entry without an id.
CREATE TABLE search_entries (
  index_id TEXT NOT NULL REFERENCES search_indexes (id) ON DELETE CASCADE, subject TEXT NOT NULL, entry_id TEXT NOT NULL,
  visible_to TEXT NOT NULL, principal_sets TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (index_id, subject, entry_id)
) STRICT;

-- state: PENDING, SUCCESS or FAILED. work: what is still to be done, as JSON.
CREATE TABLE search_tasks (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, index_id TEXT NOT NULL, type TEXT NOT NULL, state TEXT NOT NULL,
  message TEXT NOT NULL, work TEXT NOT NULL, created_at INTEGER NOT NULL, due_at INTEGER NOT NULL, completed_at INTEGER
) STRICT;
CREATE INDEX search_tasks_by_state ON search_tasks (state, due_at);
`

/** The tables above, each before those it refers to. */
export const searchTableNames = ['search_tasks', 'search_entries', 'search_roles', 'search_indexes'] as const
