/** The tables of Transfer. Documents are JSON; what is searched or counted has a column of its own. */
export const transferTables = `
CREATE TABLE collections (id TEXT PRIMARY KEY, owner TEXT NOT NULL, document TEXT NOT NULL, deleted_at INTEGER) STRICT;

CREATE TABLE access_rules (
  id TEXT PRIMARY KEY, collection TEXT NOT NULL, principal_type TEXT NOT NULL, principal TEXT NOT NULL, path TEXT NOT NULL,
  permissions TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER
) STRICT;
CREATE UNIQUE INDEX access_rules_by_place ON access_rules (collection, path, principal_type, principal);

CREATE TABLE collection_roles (
  id TEXT PRIMARY KEY, collection TEXT NOT NULL, principal_type TEXT NOT NULL, principal TEXT NOT NULL, role TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX roles_by_place ON collection_roles (collection, principal_type, principal, role);

CREATE TABLE bookmarks (
  id TEXT PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, collection TEXT NOT NULL, path TEXT NOT NULL, pinned INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX bookmarks_by_name ON bookmarks (owner, name);

CREATE TABLE pause_rules (
  id TEXT PRIMARY KEY, collection TEXT NOT NULL, identity TEXT, message TEXT NOT NULL, operations TEXT NOT NULL, started_at INTEGER NOT NULL
) STRICT;

-- Who is an active member of which group; the Groups service keeps the rest.
CREATE TABLE group_members (group_id TEXT NOT NULL, identity TEXT NOT NULL, PRIMARY KEY (group_id, identity)) STRICT;

-- state: queued, running, inactive, succeeded, failed. request: the submitted document. progress: the counters, as JSON.
CREATE TABLE tasks (
  id TEXT PRIMARY KEY, submission_id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, client TEXT NOT NULL, type TEXT NOT NULL, state TEXT NOT NULL,
  source TEXT NOT NULL, destination TEXT, request TEXT NOT NULL, label TEXT, requested_at INTEGER NOT NULL, completed_at INTEGER,
  deadline INTEGER NOT NULL, progress TEXT NOT NULL, condition TEXT NOT NULL, removed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX tasks_by_owner ON tasks (owner, requested_at);
CREATE INDEX tasks_by_state ON tasks (state);

CREATE TABLE task_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT, task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE, code TEXT NOT NULL, is_error INTEGER NOT NULL,
  description TEXT NOT NULL, details TEXT NOT NULL, time INTEGER NOT NULL
) STRICT;
CREATE INDEX task_events_by_task ON task_events (task, id);

-- A unit of work that is done or not. state: pending, succeeded, skipped, canceled, expired, failed.
CREATE TABLE subtasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT, task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE, kind TEXT NOT NULL, state TEXT NOT NULL,
  source TEXT NOT NULL, destination TEXT, options TEXT, size INTEGER, checksum TEXT, attempts INTEGER NOT NULL DEFAULT 0,
  retry_at INTEGER NOT NULL DEFAULT 0, error_code TEXT, error_details TEXT, error_time INTEGER
) STRICT;
CREATE INDEX subtasks_by_state ON subtasks (task, state, id);
`

/** Few subtasks have to be tried again: counting them must not look at the others. What runs is known to the engine alone. */
export const triedSubtasks = `
CREATE INDEX subtasks_tried ON subtasks (task, state) WHERE attempts > 0;
UPDATE subtasks SET state = 'pending' WHERE state = 'running';
`

/** Without the state: what ends then changes no index, and a task's work is found in its order all the same. */
export const subtasksInOrder = `
DROP INDEX subtasks_by_state;
CREATE INDEX subtasks_by_task ON subtasks (task, id);
`

/** The tables above, each before those it refers to. */
export const transferTableNames = [
  'subtasks',
  'task_events',
  'tasks',
  'collections',
  'access_rules',
  'collection_roles',
  'bookmarks',
  'pause_rules',
] as const
