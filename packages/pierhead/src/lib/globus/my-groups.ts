import { HOSTS } from '@globus/sdk/apps/web'
import type { ClientOptions } from './client-options.ts'
import { boundedText, isJsonObject, itemsOf, type JsonObject } from './foreign-text.ts'
import { groupsClient } from './groups.ts'
import { environment } from './services.ts'
import type { TokenSource } from './token-source.ts'

/** A group in which an identity of the person is active. */
export interface MyGroup {
  readonly id: string
  /** At most 200 characters. A stranger's text. */
  readonly name: string
  readonly memberships: readonly {
    readonly identity: string
    readonly username: string
    readonly role: 'member' | 'manager' | 'admin'
  }[]
  readonly enforcesSession: boolean
  /** Seconds for which a login as this identity still counts; only identities that logged in. */
  readonly sessionSeconds: Readonly<Record<string, number>>
}

const roles = ['member', 'manager', 'admin'] as const
/** A person can be in a thousand groups and more; this many are an attack or a mistake. */
const maximumGroups = 20_000
const maximumMemberships = 100

/** Reads what a guard needs of Groups, and gives nothing that does not have the promised form. */
export function groupsReader(options: ClientOptions): {
  readonly mine: (session: TokenSource) => Promise<readonly MyGroup[]>
  readonly describe: (session: TokenSource, id: string) => Promise<{ name: string | undefined; joinUrl: string }>
} {
  return {
    async mine(session) {
      const { items } = await groupsClient(session, options).groups.getMyGroups().collect()
      // The service's word, whatever the SDK's types promise.
      return itemsOf(items, maximumGroups).filter(isJsonObject).map(readGroup)
    },
    async describe(session, id) {
      const joinUrl = `https://${HOSTS[environment()]}/groups/${encodeURIComponent(id)}/join`
      // Many groups are hidden from who is not in them; the refusal stands whatever comes.
      const group: unknown = await groupsClient(session, options)
        .groups.get(id)
        .catch(() => undefined)
      return { name: isJsonObject(group) ? boundedText(group['name'], 200) : undefined, joinUrl }
    },
  }
}

function readGroup(group: JsonObject): MyGroup {
  const { id, name, my_memberships: memberships, enforce_session: enforced, session_timeouts: timeouts } = group
  return {
    id: String(id).toLowerCase(),
    name: boundedText(name, 200) ?? String(id),
    memberships: itemsOf(memberships, maximumMemberships).filter(isJsonObject).flatMap(readMembership),
    // Absent is the documented default; anything else but a plain no is taken for a yes.
    enforcesSession: enforced !== undefined && enforced !== false,
    sessionSeconds: isJsonObject(timeouts) ? readTimeouts(timeouts) : {},
  }
}

function readMembership(membership: JsonObject): MyGroup['memberships'][number][] {
  const { identity_id: identity, username, role, status } = membership
  const known = roles.find((one) => one === role)
  if (typeof identity !== 'string' || known === undefined || status !== 'active') return []
  return [{ identity, username: boundedText(username, 200) ?? identity, role: known }]
}

function readTimeouts(timeouts: JsonObject): Record<string, number> {
  return Object.fromEntries(
    Object.entries(timeouts).flatMap(([identity, data]): [string, number][] => {
      const seconds = isJsonObject(data) ? data['expires_in'] : undefined
      return typeof seconds === 'number' ? [[identity, seconds]] : []
    }),
  )
}
