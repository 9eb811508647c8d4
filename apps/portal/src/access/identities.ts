import type { GlobusClaims } from 'pierhead'

/** UUIDs and usernames of somebody, of the identities that are linked to theirs too. In lower case. */
export interface OwnIdentities {
  readonly ids: ReadonlySet<string>
  readonly usernames: ReadonlySet<string>
}

/** E-mail addresses do not count: Globus does not check them, and anybody may give any. */
export function identitiesOf({
  sub,
  preferred_username: username,
  identity_set: linked = [],
}: GlobusClaims): OwnIdentities {
  const all = [{ sub, username }, ...linked]
  return {
    ids: new Set(all.flatMap((one) => (typeof one.sub === 'string' ? [one.sub.toLowerCase()] : []))),
    usernames: new Set(all.flatMap((one) => (typeof one.username === 'string' ? [one.username.toLowerCase()] : []))),
  }
}

/** `listed`: UUIDs and usernames in lower case. */
export function isOneOf({ ids, usernames }: OwnIdentities, listed: readonly string[]): boolean {
  return listed.some((one) => ids.has(one) || usernames.has(one))
}

/** Globus gives usernames of a domain to people of that domain only. A domain below it is another one. */
export function isOfDomain({ usernames }: OwnIdentities, domains: readonly string[]): boolean {
  return [...usernames].some((username) => domains.includes(username.slice(username.lastIndexOf('@') + 1)))
}
