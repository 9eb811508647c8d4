import type { DatabaseSync } from 'node:sqlite'
import { optional } from './identities.ts'
import { integer, optionalText, strings, text, truth, type Row } from './row.ts'

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
  /** The project of developers that it belongs to; null for instances of templates. */
  readonly project: string | null
  /** Who may look it up: everybody, or its project. */
  readonly visibility: 'public' | 'private'
  /** The identity provider of which its users must have an identity. */
  readonly requiredIdp: string | null
  /** The identity provider that the login page offers first. */
  readonly preselectIdp: string | null
  readonly promptForNamedGrant: boolean
  /** Domain names that were proved to be its own. */
  readonly fqdns: readonly string[]
}

type Registration = 'project' | 'visibility' | 'requiredIdp' | 'preselectIdp' | 'promptForNamedGrant' | 'fqdns'

/** A client to store; what only its registration knows may be left out. */
export type NewClient = Omit<Client, Registration> & Partial<Pick<Client, Registration>>

/** A secret of a client, by which it proves who it is. */
export interface Credential {
  readonly id: string
  readonly client: string
  readonly name: string
  readonly secret: string
  readonly createdAt: number
}

export interface Clients {
  put(client: NewClient): void
  find(id: string): Client | undefined
  findByFqdn(fqdn: string): Client | undefined
  all(): readonly Client[]
  inProject(project: string): readonly Client[]
  remove(id: string): void
  addSecret(client: string, credentialId: string, secret: string, at: number): void
  addCredential(credential: Credential): void
  removeSecrets(client: string): void
  secrets(client: string): readonly string[]
  credentials(client: string): readonly Credential[]
  removeCredential(client: string, credentialId: string): boolean
}

/** A client that cannot keep a secret: it names itself by `client_id` alone and must use PKCE. */
export const isPublic = ({ clientType }: Pick<Client, 'clientType'>): boolean => clientType.startsWith('public_')

export function clientsIn(database: DatabaseSync): Clients {
  const find = database.prepare('SELECT * FROM clients WHERE id = ?')
  const findByFqdn = database.prepare(
    'SELECT c.* FROM clients c, json_each(c.fqdns) fqdn WHERE fqdn.value = ? ORDER BY c.rowid LIMIT 1',
  )
  const all = database.prepare('SELECT * FROM clients ORDER BY rowid')
  const inProject = database.prepare('SELECT * FROM clients WHERE project = ? ORDER BY rowid')
  const remove = database.prepare('DELETE FROM clients WHERE id = ?')
  return {
    put: putIn(database),
    find: (id) => optional(find.get(id), toClient),
    findByFqdn: (fqdn) => optional(findByFqdn.get(fqdn), toClient),
    all: () => all.all().map(toClient),
    inProject: (project) => inProject.all(project).map(toClient),
    remove: (id) => void remove.run(id),
    ...credentialsIn(database),
  }
}

function putIn(database: DatabaseSync): Clients['put'] {
  const put = database.prepare(`
    INSERT INTO clients (id, name, client_type, parent_client, redirect_uris, privacy_policy, terms_and_conditions, project, visibility,
      required_idp, preselect_idp, prompt_for_named_grant, fqdns)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, client_type = excluded.client_type, parent_client = excluded.parent_client,
      redirect_uris = excluded.redirect_uris, privacy_policy = excluded.privacy_policy, terms_and_conditions = excluded.terms_and_conditions,
      project = excluded.project, visibility = excluded.visibility, required_idp = excluded.required_idp,
      preselect_idp = excluded.preselect_idp, prompt_for_named_grant = excluded.prompt_for_named_grant, fqdns = excluded.fqdns`)
  return (c) => {
    const app = [c.id, c.name, c.clientType, c.parentClient, JSON.stringify(c.redirectUris)]
    const links = [c.privacyPolicy, c.termsAndConditions]
    const registration = [c.project ?? null, c.visibility ?? 'private', c.requiredIdp ?? null, c.preselectIdp ?? null]
    put.run(...app, ...links, ...registration, c.promptForNamedGrant === true ? 1 : 0, JSON.stringify(c.fqdns ?? []))
  }
}

type CredentialMethods =
  'addSecret' | 'addCredential' | 'removeSecrets' | 'secrets' | 'credentials' | 'removeCredential'

function credentialsIn(database: DatabaseSync): Pick<Clients, CredentialMethods> {
  const add = database.prepare(
    'INSERT INTO client_credentials (id, client, secret, created_at, name) VALUES (?, ?, ?, ?, ?)',
  )
  const removeAll = database.prepare('DELETE FROM client_credentials WHERE client = ?')
  const list = database.prepare('SELECT * FROM client_credentials WHERE client = ? ORDER BY rowid')
  const remove = database.prepare('DELETE FROM client_credentials WHERE client = ? AND id = ?')
  return {
    addSecret: (client, credentialId, secret, at) => void add.run(credentialId, client, secret, at, 'Default'),
    addCredential: (c) => void add.run(c.id, c.client, c.secret, c.createdAt, c.name),
    removeSecrets: (client) => void removeAll.run(client),
    secrets: (client) => list.all(client).map((row) => text(row, 'secret')),
    credentials: (client) => list.all(client).map(toCredential),
    removeCredential: (client, credentialId) => Number(remove.run(client, credentialId).changes) === 1,
  }
}

function toCredential(row: Row): Credential {
  return {
    id: text(row, 'id'),
    client: text(row, 'client'),
    name: text(row, 'name'),
    secret: text(row, 'secret'),
    createdAt: integer(row, 'created_at'),
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
    project: optionalText(row, 'project'),
    visibility: text(row, 'visibility') === 'public' ? 'public' : 'private',
    requiredIdp: optionalText(row, 'required_idp'),
    preselectIdp: optionalText(row, 'preselect_idp'),
    promptForNamedGrant: truth(row, 'prompt_for_named_grant'),
    fqdns: strings(row, 'fqdns'),
  }
}

function toClientType(value: string): ClientType {
  const type = clientTypes.find((known) => known === value)
  if (type === undefined) throw new TypeError(`Unknown client type ${value}`)
  return type
}
