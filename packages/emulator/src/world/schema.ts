import { sweepIndexes } from './sweep.ts'
import { developerTables } from './developer-schema.ts'
import { searchTables } from './search-schema.ts'
import { groupsTables } from './groups-schema.ts'
import { subtasksInOrder, transferTables, triedSubtasks } from './transfer-schema.ts'

/**
 * The tables, one entry per schema version; entries are appended, never changed. Times are milliseconds since 1970. Codes, tokens and
 * cookies are stored as fingerprints; client secrets and passwords as they are, because the emulator hands them to its owner.
 */
export const migrations: readonly string[] = [
  `
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE identity_providers (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, short_name TEXT NOT NULL, domains TEXT NOT NULL
) STRICT;

-- primary_identity: the identity itself, or the one it is linked to; rows with the same value are one account.
CREATE TABLE identities (
  id TEXT PRIMARY KEY, username TEXT NOT NULL UNIQUE, name TEXT, email TEXT, organization TEXT,
  identity_provider TEXT NOT NULL, identity_type TEXT, status TEXT NOT NULL, primary_identity TEXT NOT NULL,
  password TEXT, mfa INTEGER NOT NULL, last_authentication INTEGER
) STRICT;
CREATE INDEX identities_by_account ON identities (primary_identity);

CREATE TABLE clients (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, client_type TEXT NOT NULL, parent_client TEXT, redirect_uris TEXT NOT NULL,
  privacy_policy TEXT, terms_and_conditions TEXT
) STRICT;
CREATE TABLE client_credentials (
  id TEXT PRIMARY KEY, client TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE, secret TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX credentials_by_client ON client_credentials (client);

CREATE TABLE scopes (
  scope_string TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, client TEXT NOT NULL, resource_server TEXT NOT NULL,
  description TEXT NOT NULL, allows_refresh_token INTEGER NOT NULL, dependent_scopes TEXT NOT NULL
) STRICT;

-- A tree per app (root_client) and identity. client: the app, or in a child the service that holds the parent scope.
CREATE TABLE consents (
  id INTEGER PRIMARY KEY AUTOINCREMENT, root_client TEXT NOT NULL, client TEXT NOT NULL, identity TEXT NOT NULL, scope TEXT NOT NULL,
  parent INTEGER REFERENCES consents (id) ON DELETE CASCADE, atomically_revocable INTEGER NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX consents_by_place ON consents (root_client, identity, scope, coalesce(parent, 0));

CREATE TABLE browser_sessions (
  id TEXT PRIMARY KEY, account TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT;
CREATE TABLE authentications (
  browser_session TEXT NOT NULL REFERENCES browser_sessions (id) ON DELETE CASCADE ON UPDATE CASCADE,
  identity TEXT NOT NULL, auth_time INTEGER NOT NULL, mfa INTEGER NOT NULL, PRIMARY KEY (browser_session, identity)
) STRICT;

-- The session that tokens belong to: what had been authenticated when their code was issued.
CREATE TABLE auth_sessions (
  id TEXT PRIMARY KEY, client TEXT NOT NULL, identity TEXT NOT NULL, authentications TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE attempts (
  id TEXT PRIMARY KEY, request TEXT NOT NULL, account TEXT, authenticated_at INTEGER,
  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE codes (
  fingerprint TEXT PRIMARY KEY, client TEXT NOT NULL, identity TEXT NOT NULL, auth_session TEXT NOT NULL, request TEXT NOT NULL,
  created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, used_at INTEGER
) STRICT;

CREATE TABLE tokens (
  fingerprint TEXT PRIMARY KEY, kind TEXT NOT NULL, client TEXT NOT NULL, identity TEXT NOT NULL, resource_server TEXT NOT NULL,
  scope TEXT NOT NULL, auth_session TEXT, grant_id TEXT NOT NULL, issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
  revoked_at INTEGER, rotated INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX tokens_by_grant ON tokens (grant_id);
CREATE INDEX tokens_by_owner ON tokens (client, identity);
`,
  developerTables,
  transferTables,
  triedSubtasks,
  groupsTables,
  searchTables,
  subtasksInOrder,
  sweepIndexes,
]
