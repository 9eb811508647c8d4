import type { EmulatorContext } from '../context.ts'

/** Somebody, by all that rights may be given to. */
export interface Account {
  /** The primary identity; tasks and bookmarks belong to it. */
  readonly id: string
  /** Every identity of the account. */
  readonly identities: readonly string[]
  readonly domains: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
}

type Worlds = Pick<EmulatorContext, 'world'>

/** The account that an identity belongs to. */
export function accountOf(identity: string, { world }: Worlds): Account {
  const primary = world.identities.find(identity)?.primaryIdentity ?? identity
  const linked = world.identities.account(primary)
  const identities = linked.map(({ id }) => id)
  return {
    id: primary,
    identities: identities.length === 0 ? [primary] : identities,
    domains: new Set(linked.map(({ username }) => domainOf(username))),
    groups: world.memberships.groupsOf(identities),
  }
}

export const domainOf = (username: string): string => username.slice(username.lastIndexOf('@') + 1)
