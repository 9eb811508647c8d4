import type { Context } from 'hono'
import { isGroupRequiredError, type LoginSession } from 'pierhead'
import { requireGroup, requireSession } from 'pierhead/hono'
import type { AccessRule, Admins } from '../config/types.ts'
import { identitiesOf, isOfDomain, isOneOf } from './identities.ts'
import { AccessRefusedError, type Lacking, type LackingGroup } from './lacking.ts'

export interface AccessOptions {
  /** Whom to ask for access; undefined: nobody was named. */
  readonly contact: string | undefined
  /** Seconds for which an earlier yes of Groups is good enough. Default 60. */
  readonly fresh?: number
}

/**
 * The session, once its person meets every condition of the rule. Await it: nothing is decided before. When a condition
 * cannot be looked up, nobody gets in.
 * @throws AccessRefusedError with all that is missing; what `requireSession` and `requireGroup` throw
 */
export async function requireAccess(
  c: Context,
  rule: AccessRule | undefined,
  { contact, fresh = 60 }: AccessOptions,
): Promise<LoginSession> {
  const session = requireSession(c)
  const lacking = rule === undefined ? [] : await whatLacks(c, session, { ...rule, fresh })
  if (lacking.length > 0) throw new AccessRefusedError(lacking, contact)
  return session
}

/**
 * The session of one of the admins. Where there are none, nobody is.
 * @throws AccessRefusedError; what `requireSession` and `requireGroup` throw
 */
export async function requireAdmin(c: Context, admins: Admins, contact: string | undefined): Promise<LoginSession> {
  const session = requireSession(c)
  if (isOneOf(identitiesOf(session.claims), admins.identities)) return session
  const isMember = admins.groups.length > 0 && (await groupsLacking(c, admins.groups)).length === 0
  if (!isMember) throw new AccessRefusedError([{ kind: 'admin' }], contact)
  return session
}

/** Whether the session is of an admin, for links. When it cannot be found out, it is not. */
export async function isAdmin(c: Context, admins: Admins): Promise<boolean> {
  if (admins.identities.length + admins.groups.length === 0) return false
  try {
    await requireAdmin(c, admins, undefined)
    return true
  } catch {
    return false
  }
}

async function whatLacks(
  c: Context,
  { claims }: LoginSession,
  rule: AccessRule & { readonly fresh: number },
): Promise<Lacking[]> {
  const own = identitiesOf(claims)
  const lacking: Lacking[] = []
  if (rule.identities.length > 0 && !isOneOf(own, rule.identities)) lacking.push({ kind: 'identity' })
  if (rule.domains.length > 0 && !isOfDomain(own, rule.domains)) lacking.push({ kind: 'domain', domains: rule.domains })
  const groups = rule.groups.length > 0 ? await groupsLacking(c, rule.groups, rule.fresh) : []
  return groups.length > 0 ? [...lacking, { kind: 'group', groups }] : lacking
}

/** Empty once the person is in one of them. */
async function groupsLacking(c: Context, ids: readonly string[], fresh = 60): Promise<LackingGroup[]> {
  const lacking: LackingGroup[] = []
  for (const id of ids) {
    try {
      await requireGroup(c, id, { fresh })
      return []
    } catch (error) {
      // Anything else, such as Groups being down, refuses by itself.
      if (!isGroupRequiredError(error)) throw error
      lacking.push({ id, name: error.groupName, joinUrl: error.joinUrl })
    }
  }
  return lacking
}
