import type { DatabaseSync } from 'node:sqlite'
import { integer, optionalInteger, optionalText, strings, text, truth, type Row } from './row.ts'

/** A login at one identity provider. Linked identities share an account, whose `primaryIdentity` is the `sub` that apps see. */
export interface Identity {
  readonly id: string
  readonly username: string
  readonly name: string | null
  readonly email: string | null
  readonly organization: string | null
  readonly identityProvider: string
  readonly identityType: string | null
  readonly status: string
  readonly primaryIdentity: string
  readonly password: string | null
  /** Whether the person has a second factor, which the login asks for when an app or a policy requires one. */
  readonly mfa: boolean
  /** Milliseconds since 1970, or null before the first login. */
  readonly lastAuthentication: number | null
}

export interface IdentityProvider {
  readonly id: string
  readonly name: string
  readonly shortName: string
  readonly domains: readonly string[]
}

export interface Identities {
  put(identity: Omit<Identity, 'lastAuthentication'>): void
  find(id: string): Identity | undefined
  findByUsername(username: string): Identity | undefined
  /** The people one can log in as: used primary identities that are not clients, in the order they were made. */
  people(): readonly Identity[]
  /** Every identity of an account, the primary one first. */
  account(primaryIdentity: string): readonly Identity[]
  /** Every identity, in the order they were made. */
  all(): readonly Identity[]
  recordAuthentication(id: string, at: number): void
  putProvider(provider: IdentityProvider): void
  providers(): readonly IdentityProvider[]
  findProvider(id: string): IdentityProvider | undefined
  findProviderByDomain(domain: string): IdentityProvider | undefined
}

/** The provider of the identities that clients have, a constant of Globus Auth. */
export const CLIENT_IDENTITY_PROVIDER = '3a74877b-e2a3-44b1-8958-ede1031b1827'

export function identitiesIn(database: DatabaseSync): Identities {
  const put = database.prepare(`
    INSERT INTO identities (id, username, name, email, organization, identity_provider, identity_type, status, primary_identity, password, mfa)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET username = excluded.username, name = excluded.name, email = excluded.email,
      organization = excluded.organization, identity_provider = excluded.identity_provider, identity_type = excluded.identity_type,
      status = excluded.status, primary_identity = excluded.primary_identity, password = excluded.password, mfa = excluded.mfa`)
  const find = database.prepare('SELECT * FROM identities WHERE id = ?')
  const findByUsername = database.prepare('SELECT * FROM identities WHERE username = ?')
  const people = database.prepare(
    `SELECT * FROM identities WHERE id = primary_identity AND identity_provider <> ? AND status = 'used' ORDER BY rowid`,
  )
  const account = database.prepare(
    'SELECT * FROM identities WHERE primary_identity = ? ORDER BY id <> primary_identity, rowid',
  )
  const all = database.prepare('SELECT * FROM identities ORDER BY rowid')
  const record = database.prepare('UPDATE identities SET last_authentication = ? WHERE id = ?')
  return {
    put: (i) => {
      const who = [i.id, i.username, i.name, i.email, i.organization, i.identityProvider]
      put.run(...who, i.identityType, i.status, i.primaryIdentity, i.password, i.mfa ? 1 : 0)
    },
    find: (id) => optional(find.get(id), toIdentity),
    findByUsername: (username) => optional(findByUsername.get(username), toIdentity),
    people: () => people.all(CLIENT_IDENTITY_PROVIDER).map(toIdentity),
    account: (primaryIdentity) => account.all(primaryIdentity).map(toIdentity),
    all: () => all.all().map(toIdentity),
    recordAuthentication: (id, at) => void record.run(at, id),
    ...providersIn(database),
  }
}

function providersIn(
  database: DatabaseSync,
): Pick<Identities, 'putProvider' | 'providers' | 'findProvider' | 'findProviderByDomain'> {
  const put = database.prepare(
    'INSERT OR REPLACE INTO identity_providers (id, name, short_name, domains) VALUES (?, ?, ?, ?)',
  )
  const providers = database.prepare('SELECT * FROM identity_providers ORDER BY rowid')
  const find = database.prepare('SELECT * FROM identity_providers WHERE id = ?')
  const findByDomain = database.prepare(
    'SELECT p.* FROM identity_providers p, json_each(p.domains) domain WHERE domain.value = ? LIMIT 1',
  )
  return {
    putProvider: (provider) =>
      void put.run(provider.id, provider.name, provider.shortName, JSON.stringify(provider.domains)),
    providers: () => providers.all().map(toProvider),
    findProvider: (id) => optional(find.get(id), toProvider),
    findProviderByDomain: (domain) => optional(findByDomain.get(domain), toProvider),
  }
}

function toIdentity(row: Row): Identity {
  return {
    id: text(row, 'id'),
    username: text(row, 'username'),
    name: optionalText(row, 'name'),
    email: optionalText(row, 'email'),
    organization: optionalText(row, 'organization'),
    identityProvider: text(row, 'identity_provider'),
    identityType: optionalText(row, 'identity_type'),
    status: text(row, 'status'),
    primaryIdentity: text(row, 'primary_identity'),
    password: optionalText(row, 'password'),
    mfa: truth(row, 'mfa'),
    lastAuthentication: optionalInteger(row, 'last_authentication'),
  }
}

function toProvider(row: Row): IdentityProvider {
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    shortName: text(row, 'short_name'),
    domains: strings(row, 'domains'),
  }
}

/** Decodes a row if there is one. */
export function optional<Value>(row: Row | undefined, decode: (row: Row) => Value): Value | undefined {
  return row === undefined ? undefined : decode(row)
}

/** The number that an aggregate query gave in its column `count`. */
export const count = (row: Row | undefined): number => (row === undefined ? 0 : integer(row, 'count'))
