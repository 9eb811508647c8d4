import type { DatabaseSync } from 'node:sqlite'
import { optional } from './identities.ts'
import { optionalText, strings, text, type Row } from './row.ts'

/** The kinds of client that Globus Auth tells apart (its developer API, attribute `client_type`). */
export const clientTypes = [
  'confidential_client',
  'public_installed_client',
  'public_webapp_client',
  'client_identity',
  'resource_server',
  'globus_connect_server',
  'hybrid_confidential_client_resource_server',
] as const

export type ClientType = (typeof clientTypes)[number]

export interface Client {
  readonly id: string
  readonly name: string
  readonly clientType: ClientType
  /** The template this client is an instance of; it lends its redirect rules and may revoke its tokens. */
  readonly parentClient: string | null
  readonly redirectUris: readonly string[]
  readonly privacyPolicy: string | null
  readonly termsAndConditions: string | null
}

export interface Clients {
  put(client: Client): void
  find(id: string): Client | undefined
  all(): readonly Client[]
  addSecret(client: string, credentialId: string, secret: string, at: number): void
  removeSecrets(client: string): void
  secrets(client: string): readonly string[]
}

/** A client that cannot keep a secret: it names itself by `client_id` alone and must use PKCE. */
export const isPublic = (client: Client): boolean => client.clientType.startsWith('public_')

export function clientsIn(database: DatabaseSync): Clients {
  const put = database.prepare(`
    INSERT INTO clients (id, name, client_type, parent_client, redirect_uris, privacy_policy, terms_and_conditions)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, client_type = excluded.client_type, parent_client = excluded.parent_client,
      redirect_uris = excluded.redirect_uris, privacy_policy = excluded.privacy_policy, terms_and_conditions = excluded.terms_and_conditions`)
  const find = database.prepare('SELECT * FROM clients WHERE id = ?')
  const all = database.prepare('SELECT * FROM clients ORDER BY rowid')
  const addSecret = database.prepare(
    'INSERT INTO client_credentials (id, client, secret, created_at) VALUES (?, ?, ?, ?)',
  )
  const removeSecrets = database.prepare('DELETE FROM client_credentials WHERE client = ?')
  const secrets = database.prepare('SELECT secret FROM client_credentials WHERE client = ? ORDER BY rowid')
  return {
    put: (c) => {
      const redirects = JSON.stringify(c.redirectUris)
      put.run(c.id, c.name, c.clientType, c.parentClient, redirects, c.privacyPolicy, c.termsAndConditions)
    },
    find: (id) => optional(find.get(id), toClient),
    all: () => all.all().map(toClient),
    addSecret: (client, credentialId, secret, at) => void addSecret.run(credentialId, client, secret, at),
    removeSecrets: (client) => void removeSecrets.run(client),
    secrets: (client) => secrets.all(client).map((row) => text(row, 'secret')),
  }
}

function toClient(row: Row): Client {
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    clientType: toClientType(text(row, 'client_type')),
    parentClient: optionalText(row, 'parent_client'),
    redirectUris: strings(row, 'redirect_uris'),
    privacyPolicy: optionalText(row, 'privacy_policy'),
    termsAndConditions: optionalText(row, 'terms_and_conditions'),
  }
}

function toClientType(value: string): ClientType {
  const type = clientTypes.find((known) => known === value)
  if (type === undefined) throw new TypeError(`Unknown client type ${value}`)
  return type
}
