import { hash } from 'node:crypto'
import { GroupRequiredError } from '../../errors.ts'
import type { HeldSession } from '../session/session-keeper.ts'
import type { LoginContext } from './context.ts'
import { demand } from './demand.ts'
import type { LoginSession } from './login-session.ts'
import type { TokenSource } from './options.ts'
import { identityOf } from './session-content.ts'

/** What somebody is in a group, as Groups calls it. */
export type GroupRole = 'member' | 'manager' | 'admin'

/** What a membership must be, to count. */
export interface GroupOptions {
  /** Any of these will do. Default: every role. */
  readonly roles?: readonly GroupRole[]
  /**
   * Seconds for which an earlier yes of Groups is good enough, at most 300: a removal takes effect after this time at the
   * latest. 0 asks anew each time. Default 60. A no is never remembered.
   */
  readonly fresh?: number
}

/** An active membership of one identity of the person. */
export interface Membership {
  /** UUID of the identity, which may be a linked one. */
  readonly identity: string
  readonly username: string
  readonly role: GroupRole
}

/** How the person is in a group. */
export interface GroupMembership {
  readonly id: string
  /** As Groups has it. A stranger's text. */
  readonly name: string
  /** Those that fit what was demanded, at least one. */
  readonly memberships: readonly Membership[]
}

/** A group of the person, as it is read from Groups. */
export interface MyGroup extends GroupMembership {
  /** A membership counts only after a recent login as its identity. */
  readonly enforcesSession: boolean
  /** For identities that logged in: seconds from the answer on for which that still counts. */
  readonly sessionSeconds: Readonly<Record<string, number>>
}

/** How Groups is asked. Not a part of login, which knows no service. */
export interface GroupsReader {
  readonly mine: (session: TokenSource) => Promise<readonly MyGroup[]>
  /** For who is not in it. `name` is undefined when they may not see the group, or it cannot be found out. */
  readonly describe: (session: TokenSource, id: string) => Promise<{ name: string | undefined; joinUrl: string }>
}

interface Guarded {
  readonly held: HeldSession
  readonly session: LoginSession<unknown>
}

const resourceServer = 'groups.api.globus.org'
const scopeOf = (name: string): string => `urn:globus:auth:scope:${resourceServer}:${name}`
const sufficient = [scopeOf('all'), scopeOf('view_my_groups_and_memberships')]
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
const defaultFresh = 60

export async function requireGroup(
  context: LoginContext,
  guarded: Guarded,
  { id, options: { roles, fresh = defaultFresh } }: { id: string; options: GroupOptions },
): Promise<GroupMembership> {
  if (!uuid.test(id)) throw new TypeError('A group is named by its UUID.')
  if (!(fresh >= 0 && fresh <= 300)) throw new TypeError('fresh must be seconds from 0 to 300.')
  requireGroupsToken(guarded.session)
  const started = context.settings.clock.monotonic()
  const first = await standingIn(context, guarded, { id, roles, age: fresh * 1000 })
  // Somebody who was let in a moment ago must not read that they are not.
  const isOld = !first.fits && first.askedAt < started
  const current = isOld ? await standingIn(context, guarded, { id, roles, age: 0 }) : first
  if (current.fits) return current.membership
  if (current.relogin !== undefined) {
    throw demand({ sessionRequiredIdentities: [current.relogin], prompt: 'login', sessionMessage: current.message })
  }
  throw await refusal(context, guarded, { id, roles, group: current.group })
}

function requireGroupsToken({ tokens }: LoginSession<unknown>): void {
  const held = tokens.find((token) => token.resourceServer === resourceServer)?.scopes ?? []
  if (!sufficient.some((scope) => held.includes(scope))) throw demand({ requiredScopes: sufficient.slice(1) })
}

interface Asked {
  readonly id: string
  readonly roles: readonly GroupRole[] | undefined
  /** Milliseconds. */
  readonly age: number
}

type Standing =
  | { readonly fits: true; readonly membership: GroupMembership }
  | {
      readonly fits: false
      readonly askedAt: number
      readonly group?: MyGroup
      /** The identity that has to log in before its membership counts. */
      readonly relogin?: string
      readonly message?: string
    }

async function standingIn(context: LoginContext, { held, session }: Guarded, asked: Asked): Promise<Standing> {
  // By token: after a step-up or a refresh, what was said to an older one is not asked for again.
  const token = await session.accessToken(resourceServer)
  const key = hash('sha256', JSON.stringify([held.sid, token]), 'base64url')
  const { value, askedAt } = await context.groups.cache.get(key, asked.age, () => context.groups.reader.mine(session))
  const group = value.find((one) => one.id === asked.id.toLowerCase())
  if (group === undefined) return { fits: false, askedAt }
  const memberships = group.memberships.filter(({ role }) => asked.roles?.includes(role) ?? true)
  const [first] = memberships
  if (first === undefined) return { fits: false, askedAt, group }
  const passed = (context.settings.clock.monotonic() - askedAt) / 1000
  const counting = group.enforcesSession
    ? memberships.filter(({ identity }) => (group.sessionSeconds[identity] ?? 0) > passed)
    : memberships
  if (counting.length > 0) return { fits: true, membership: { id: group.id, name: group.name, memberships: counting } }
  const message = `${group.name} requires a recent login as ${first.username}.`
  return { fits: false, askedAt, group, relogin: first.identity, message }
}

async function refusal(
  context: LoginContext,
  { held, session }: Guarded,
  { id, roles, group }: { id: string; roles: readonly GroupRole[] | undefined; group: MyGroup | undefined },
): Promise<GroupRequiredError> {
  // Who is a member already has nothing to join.
  const { name, joinUrl } =
    group === undefined ? await context.groups.reader.describe(session, id) : { name: group.name, joinUrl: undefined }
  const { preferred_username: username, name: display, sub } = identityOf(held.view.content).claims
  const person = [username, display].find((text) => typeof text === 'string' && text !== '') ?? sub
  return new GroupRequiredError({ groupId: id, groupName: name, person, roles: roles ?? [], joinUrl })
}
