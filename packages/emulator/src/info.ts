import { needsPassword } from './auth/needs-password.ts'
import { serviceUrls } from './client-environment.ts'
import type { EmulatorContext } from './context.ts'
import type { World } from './world.ts'
import type { Client } from './world/clients.ts'

/** What programs that use the emulator need to know; the file of `--info` holds it. */
export interface EmulatorInfo {
  /** The address of every service, without a trailing slash. */
  readonly url: string
  /** The variables by which the official clients find the services, with a trailing slash as they want it. */
  readonly env: Readonly<Record<string, string>>
  readonly control?: { readonly url: string; readonly token: string }
  readonly identities: readonly IdentityInfo[]
  readonly clients: readonly ClientInfo[]
  readonly collections: readonly CollectionInfo[]
}

/** A collection, for programs that start the emulator. */
export interface CollectionInfo {
  readonly id: string
  readonly display_name: string
  readonly entity_type: string
  readonly owner: string
  readonly high_assurance: boolean
  /** Its directory on this machine; null for what holds no files. */
  readonly root: string | null
  /** The origin of its files; null where they are not served over HTTPS. */
  readonly https_server: string | null
}

/** A person, for programs that start the emulator. */
export interface IdentityInfo {
  readonly id: string
  readonly username: string
  readonly password: string | null
  /** Whether a click on the name does not log in. */
  readonly password_required: boolean
  readonly name: string | null
  readonly email: string | null
  readonly organization: string | null
}

/** A registered app, for programs that start the emulator. */
export interface ClientInfo {
  readonly client_id: string
  readonly client_secret?: string
  readonly client_type: string
  readonly redirect_uris: readonly string[]
  /** The scopes the client owns as a service. */
  readonly scopes: readonly string[]
  readonly name: string
}

/** Collections log people in as clients of their own, which nobody uses. */
const isApp = ({ clientType }: Client): boolean => clientType !== 'globus_connect_server'

export function describeEmulator({ issuer, world, transfer }: EmulatorContext): EmulatorInfo {
  const people = world.identities.people()
  return {
    url: issuer,
    env: serviceUrls(issuer),
    identities: people
      .flatMap((person) => world.identities.account(person.id))
      .map(({ id, username, password, primaryIdentity, name, email, organization }) => ({
        id,
        username,
        password,
        password_required: needsPassword({ primaryIdentity }, world) !== undefined,
        name,
        email,
        organization,
      })),
    clients: world.clients
      .all()
      .filter(isApp)
      .map((client) => describeClient(client, world)),
    collections: world.collections.all().map((collection) => ({
      id: collection.id,
      display_name: collection.displayName,
      entity_type: collection.entityType,
      owner: collection.owner,
      high_assurance: collection.highAssurance,
      root: transfer.roots.pathOf(collection),
      https_server: transfer.httpsServer(collection),
    })),
  }
}

/** An app with the newest of its secrets. */
export function describeClient(client: Client, world: World): ClientInfo {
  const secret = world.clients.secrets(client.id).at(-1)
  return {
    client_id: client.id,
    ...(secret === undefined ? {} : { client_secret: secret }),
    client_type: client.clientType,
    redirect_uris: client.redirectUris,
    scopes: world.scopes.ownedBy(client.id).map(({ scopeString }) => scopeString),
    name: client.name,
  }
}
