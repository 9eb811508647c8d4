/** The tables of Groups. Memberships of every status stand in one table; access rules count the active ones. */
export const groupsTables = `
CREATE TABLE groups (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT, terms_and_conditions TEXT, parent TEXT, policies TEXT NOT NULL,
  subscription_id TEXT UNIQUE, subscription_info TEXT, verified_subscription TEXT, created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX groups_by_parent ON groups (parent);

CREATE TABLE memberships (
  group_id TEXT NOT NULL, identity TEXT NOT NULL, role TEXT NOT NULL, status TEXT NOT NULL, status_reason TEXT, invite_email_address TEXT,
  invited_at INTEGER, updated_at INTEGER NOT NULL, PRIMARY KEY (group_id, identity)
) STRICT;
CREATE INDEX memberships_by_identity ON memberships (identity, status);

-- What people tell a group about themselves, which they may do before they are in it.
CREATE TABLE membership_fields (group_id TEXT NOT NULL, identity TEXT NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (group_id, identity)) STRICT;

CREATE TABLE group_preferences (identity TEXT PRIMARY KEY, allow_add INTEGER) STRICT;

INSERT INTO memberships SELECT group_id, identity, 'member', 'active', NULL, NULL, NULL, 0 FROM group_members;
DROP TABLE group_members;

CREATE TABLE outbox (
  id TEXT PRIMARY KEY, sent_at INTEGER NOT NULL, identity TEXT, recipient TEXT NOT NULL, subject TEXT NOT NULL, text TEXT NOT NULL,
  cause TEXT NOT NULL
) STRICT;
`

/** The tables above, to be emptied. */
export const groupsTableNames = ['groups', 'memberships', 'membership_fields', 'group_preferences', 'outbox'] as const
