/** What developers register, and which consents tokens rest on. */
export const developerTables = `
ALTER TABLE clients ADD COLUMN project TEXT;
ALTER TABLE clients ADD COLUMN visibility TEXT NOT NULL DEFAULT 'private';
ALTER TABLE clients ADD COLUMN required_idp TEXT;
ALTER TABLE clients ADD COLUMN preselect_idp TEXT;
ALTER TABLE clients ADD COLUMN prompt_for_named_grant INTEGER NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN fqdns TEXT NOT NULL DEFAULT '[]';
ALTER TABLE client_credentials ADD COLUMN name TEXT NOT NULL DEFAULT 'Default';
ALTER TABLE scopes ADD COLUMN name TEXT;
ALTER TABLE scopes ADD COLUMN advertised INTEGER NOT NULL DEFAULT 1;
ALTER TABLE scopes ADD COLUMN required_domains TEXT NOT NULL DEFAULT '[]';

-- Ids of the places in consent trees that a token rests on, as a JSON list: it dies with any of them.
ALTER TABLE tokens ADD COLUMN consents TEXT NOT NULL DEFAULT '[]';
-- One browser's session, whatever its cookie: the logins that token sessions may share.
ALTER TABLE browser_sessions ADD COLUMN context TEXT NOT NULL DEFAULT '';
ALTER TABLE auth_sessions ADD COLUMN context TEXT;

CREATE TABLE projects (
  id TEXT PRIMARY KEY, display_name TEXT NOT NULL, contact_email TEXT NOT NULL, admin_ids TEXT NOT NULL, admin_group_ids TEXT NOT NULL
) STRICT;

CREATE TABLE policies (
  id TEXT PRIMARY KEY, project TEXT NOT NULL, display_name TEXT NOT NULL, description TEXT NOT NULL, high_assurance INTEGER NOT NULL,
  required_mfa INTEGER NOT NULL, authentication_assurance_timeout INTEGER, domains_include TEXT, domains_exclude TEXT
) STRICT;
`
