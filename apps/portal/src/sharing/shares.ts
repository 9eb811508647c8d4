import type { AuthClient, Group, Identity, TransferClient } from 'pierhead/globus'
import { texts } from '../texts.ts'

export type Principal = 'identity' | 'group' | 'all_authenticated_users' | 'anonymous'

/** Somebody who may use a folder of a collection. */
export interface Share {
  readonly id: string
  readonly principal: Principal
  /** In words for the person who reads. */
  readonly who: string
  readonly path: string
  readonly permissions: 'r' | 'rw'
  /** False: it follows from a role, and is changed there. */
  readonly removable: boolean
}

/** Names that one request to Globus Auth may ask for. */
const mostNames = 100

/** The permissions of a collection, with the names of those who have them. Only who manages it may read them. */
export async function readShares(
  { transfer, auth }: { readonly transfer: TransferClient; readonly auth: AuthClient },
  id: string,
  groups: readonly Group[],
): Promise<readonly Share[]> {
  const { items } = await transfer.access.getAll(id).collect()
  const people = items.filter((rule) => rule.principal_type === 'identity').map(({ principal }) => principal)
  const names = new Map([
    ...(await namesOf(auth, people)),
    ...groups.map(({ id: group, name }) => [group, name] as const),
  ])
  return items.map((rule) => ({
    id: rule.id ?? '',
    principal: rule.principal_type,
    who: whoOf(rule.principal_type, names.get(rule.principal)),
    path: rule.path,
    permissions: rule.permissions,
    removable: rule.id !== null && rule.role_id === null,
  }))
}

async function namesOf(auth: AuthClient, ids: readonly string[]): Promise<[string, string][]> {
  const wanted = [...new Set(ids)].slice(0, mostNames)
  if (wanted.length === 0) return []
  const { items } = await auth.identities.getAll({ ids: wanted.join(',') }).collect()
  return items.map((identity) => [identity.id, nameOf(identity)])
}

const nameOf = ({ name, username }: Identity): string => (name === null ? username : `${name} (${username})`)

function whoOf(principal: Principal, name: string | undefined): string {
  const { who, unknownGroup, unknownPerson } = texts.sharing
  if (principal === 'identity') return name ?? unknownPerson
  if (principal === 'group') return name ?? unknownGroup
  return who[principal]
}
