import type { EmulatorContext } from '../context.ts'
import type { AuthorizationRequest } from '../world/authorization-request.ts'
import type { Identity } from '../world/identities.ts'
import type { Policy } from '../world/policies.ts'
import type { Authentication, BrowserSession } from '../world/sessions.ts'
import { domainOf, fitsDomains, meetsPolicy } from './policy-evaluation.ts'

/** What an app demands of the login: `session_required_*`, and an identity provider that its registration requires. */
type Demands = Pick<
  AuthorizationRequest,
  'clientId' | 'requiredIdentities' | 'requiredDomains' | 'requiredPolicies' | 'requiredMfa'
>

/** What is missing: a login (another one, or a more recent one), only the second factor, or nothing. */
export type Missing = 'login' | 'second factor' | 'nothing'

/** Says what is missing. With `since`, logins from before do not count (`prompt=login`). */
export function missingFor(
  demands: Demands,
  { session, since }: { readonly session: BrowserSession; readonly since: number },
  context: EmulatorContext,
): Missing {
  const authentications = session.authentications.filter(({ authTime }) => authTime >= since)
  const counting = { ...session, authentications }
  if (meets(demands, { session: counting, assumeMfa: false }, context)) return 'nothing'
  return meets(demands, { session: counting, assumeMfa: true }, context) ? 'second factor' : 'login'
}

interface Looked {
  readonly session: BrowserSession
  readonly assumeMfa: boolean
}

function meets(demands: Demands, { session, assumeMfa }: Looked, context: EmulatorContext): boolean {
  const { world, clock } = context
  const evaluation = { world, now: clock.now(), assumeMfa }
  const counts = ({ mfa }: Authentication): boolean => mfa || assumeMfa || !demands.requiredMfa
  const authenticated = new Set(session.authentications.filter(counts).map(({ identity }) => identity))
  const domains = Array.from(authenticated, (id) => world.identities.find(id)).map((one) => one && domainOf(one))
  return (
    demands.requiredIdentities.every((id) => authenticated.has(id)) &&
    (demands.requiredDomains.length === 0 || demands.requiredDomains.some((domain) => domains.includes(domain))) &&
    policiesOf(demands, context).every((policy) => meetsPolicy(policy, session, evaluation)) &&
    hasRequiredProvider(demands, session.account, context)
  )
}

/** The authentications that a second factor would help: those with the required identities, domains and policies. */
export function factorless(demands: Demands, session: BrowserSession, context: EmulatorContext): readonly Identity[] {
  const found = session.authentications
    .filter(({ mfa }) => !mfa)
    .toSorted((one, other) => other.authTime - one.authTime)
    .flatMap(({ identity }) => context.world.identities.find(identity) ?? [])
  const required = found.filter((identity) => isDemanded(identity, demands, context))
  return required.length > 0 ? required : found
}

function isDemanded(identity: Identity, demands: Demands, context: EmulatorContext): boolean {
  if (demands.requiredIdentities.includes(identity.id)) return true
  if (demands.requiredDomains.includes(domainOf(identity))) return true
  return policiesOf(demands, context).some((policy) => policy.requiredMfa && fitsDomains(identity, policy))
}

/** The people the login page offers: everybody, or those who would meet the demands; those of the preselected provider first. */
export function candidates(demands: Demands, context: EmulatorContext): readonly Identity[] {
  const { identities, clients } = context.world
  const required = demands.requiredIdentities.flatMap((id) => identities.find(id) ?? [])
  if (required.length > 0) return required
  const client = clients.find(demands.clientId)
  const domains = new Set(demands.requiredDomains)
  // Only high assurance looks at the login itself; other policies look at the whole account.
  const policies = policiesOf(demands, context).filter(({ highAssurance }) => highAssurance)
  const people = identities.people().filter(({ id }) => hasRequiredProvider(demands, id, context))
  const everybody = domains.size === 0 && policies.length === 0
  const offered = everybody ? people : people.flatMap((person) => identities.account(person.id))
  const fitting = offered.filter(
    (identity) =>
      (domains.size === 0 || domains.has(domainOf(identity))) &&
      policies.every((policy) => fitsDomains(identity, policy)),
  )
  const rank = ({ identityProvider }: Identity): number => (identityProvider === client?.preselectIdp ? 0 : 1)
  return fitting.toSorted((one, other) => rank(one) - rank(other))
}

/** The demands in words, for the login page; empty without any. */
export function describeDemands(demands: Demands, context: EmulatorContext): readonly string[] {
  const { identities, clients } = context.world
  const usernames = demands.requiredIdentities.map((id) => identities.find(id)?.username ?? id)
  const provider = clients.find(demands.clientId)?.requiredIdp ?? null
  const mfa = demands.requiredMfa ? ', with a second factor' : ''
  return [
    ...(usernames.length > 0 ? [`a login as ${usernames.join(' and as ')}${mfa}`] : []),
    ...(demands.requiredDomains.length > 0
      ? [`a login with an identity of ${demands.requiredDomains.join(' or ')}${mfa}`]
      : []),
    ...policiesOf(demands, context).map(({ displayName }) => `a login that meets the policy “${displayName}”`),
    ...(provider === null ? [] : [`an identity of ${identities.findProvider(provider)?.name ?? provider}`]),
  ]
}

const policiesOf = ({ requiredPolicies }: Demands, { world }: EmulatorContext): readonly Policy[] =>
  requiredPolicies.flatMap((id) => world.policies.find(id) ?? [])

function hasRequiredProvider({ clientId }: Demands, account: string, { world }: EmulatorContext): boolean {
  const required = world.clients.find(clientId)?.requiredIdp ?? null
  return (
    required === null || world.identities.account(account).some(({ identityProvider }) => identityProvider === required)
  )
}
