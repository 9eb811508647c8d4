import { scopes } from 'pierhead/globus'
import type { AccessRule, PortalConfig } from './config/types.ts'

/** What a login asks for: no more than what the settings make use of. */
export function scopesFor(config: PortalConfig): string[] {
  const { openid, profile, email, auth, transfer, groups, search } = scopes
  return [
    openid,
    profile,
    email,
    transfer.all,
    // For the account page, and for rules about linked identities.
    auth.viewIdentitySet,
    ...(asksForGroups(config) ? [groups.viewMyGroupsAndMemberships] : []),
    ...(config.search === undefined ? [] : [search.search]),
  ]
}

function asksForGroups({ access, admins, datasets }: PortalConfig): boolean {
  const rules: readonly (AccessRule | undefined)[] = [access, ...datasets.map((dataset) => dataset.access)]
  return admins.groups.length > 0 || rules.some((rule) => rule !== undefined && rule.groups.length > 0)
}
