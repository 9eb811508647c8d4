import { hash } from 'node:crypto'
import {
  LoginError,
  LoginRequiredError,
  type AuthorizationRequirements,
  type AuthorizationRequirementsError,
} from '../../errors.ts'
import type { TokenSet } from '../oauth/token-set.ts'
import type { HeldSession, SessionContent } from '../session/session-keeper.ts'
import type { LoginContext } from './context.ts'
import type { Redeemed } from './redemption.ts'
import { withoutTokensOf } from './revocations.ts'
import { identityOf, tokenSetOf, tokenSetsOf, withTokenSet, type StepUpRound } from './session-content.ts'

/** One requirement on its way to the provider, bound to the session that met it. */
export interface StepUp extends AuthorizationRequirements {
  readonly sid: string
  /** Stands for the requirement: the same one, asked for again, has the same key. */
  readonly key: string
  readonly resourceServer: string
}

const maxRounds = 2
const window = 5 * 60 * 1000

/** The requirement as it is sealed into the way to the provider. */
export function describeStepUp(held: HeldSession, error: AuthorizationRequirementsError): StepUp {
  const asked = {
    requiredScopes: error.requiredScopes,
    sessionRequiredIdentities: error.sessionRequiredIdentities,
    sessionRequiredSingleDomain: error.sessionRequiredSingleDomain,
    sessionRequiredPolicies: error.sessionRequiredPolicies,
    sessionRequiredMfa: error.sessionRequiredMfa,
    prompt: error.prompt,
    resourceServer: error.resourceServer,
  }
  const key = hash('sha256', JSON.stringify(asked), 'base64url').slice(0, 16)
  return { ...asked, sessionMessage: error.sessionMessage, sid: held.sid, key }
}

/** Throws `requirements_unmet` after two rounds within five minutes: a third would not end differently. */
export function checkRounds(context: LoginContext, held: HeldSession, error: AuthorizationRequirementsError): void {
  const { key } = describeStepUp(held, error)
  const round = identityOf(held.view.content).stepUps?.[key]
  if (round === undefined || round.count < maxRounds || context.settings.clock.now() - round.since > window) return
  const words = error.sessionMessage === undefined ? '' : ` The service says: ${error.sessionMessage}`
  throw new LoginError('requirements_unmet', `${error.message}${words}`, { cause: error })
}

/**
 * The scopes to ask for: the application's own, what is held already for the resource server and for those of the
 * application's own scopes, and what is required. Asking for less would shrink the tokens that come in their place;
 * consents of other collections hang on the server side and need no asking.
 */
export function stepUpScopes(context: LoginContext, held: HeldSession, stepUp: StepUp): string[] {
  const { content } = held.view
  const own = new Set(context.settings.scopes.map((scope) => scope.split('[', 1)[0]))
  const before = tokenSetsOf(content).flatMap(({ resourceServer, scope }) => {
    const held = scope.split(' ')
    const isAffected = ['', resourceServer].includes(stepUp.resourceServer) || held.some((one) => own.has(one))
    return isAffected ? held : []
  })
  return [...new Set([...context.settings.scopes, ...before, ...stepUp.requiredScopes])].filter((scope) => scope !== '')
}

export interface CompletedStepUp extends Redeemed {
  readonly held: HeldSession
  readonly key: string
  /** See `SessionIdentity.asked`. */
  readonly asked: readonly string[]
}

/** The requirement is met: another one like it later starts anew. Writes only if there was a round. */
export async function forgetRound(held: HeldSession, error: AuthorizationRequirementsError): Promise<void> {
  const { key } = describeStepUp(held, error)
  if (!Object.hasOwn(identityOf(held.view.content).stepUps ?? {}, key)) return
  await held.update(({ content }) => {
    const identity = identityOf(content)
    const stepUps = Object.entries(identity.stepUps ?? {}).filter(([other]) => other !== key)
    return { content: { ...content, identity: { ...identity, stepUps: Object.fromEntries(stepUps) } } }
  })
}

/**
 * Puts the new tokens into the session that asked for them; tokens of other resource servers stay. Another person than
 * before changes nothing (SEC-88). What the new tokens replace is revoked.
 */
export async function completeStepUp(
  context: LoginContext,
  { held, key, asked, claims, tokens }: CompletedStepUp,
): Promise<HeldSession> {
  if (identityOf(held.view.content).claims.sub !== claims.sub) {
    throw new LoginError('identity_mismatch', 'The login that was asked for came back as another person.')
  }
  let replaced: TokenSet[] = []
  const result = await held.update(({ content }) => {
    replaced = tokens.flatMap((set) => tokenSetOf(content, set.resourceServer) ?? [])
    return { content: noteAsked(context, countRound(context, tokens.reduce(withTokenSet, content), key), asked) }
  })
  if (result === 'ended') throw new LoginRequiredError('The session ended while its owner was logging in again.')
  const message = 'A session was given what a service asked for.'
  context.events.emit({ event: 'step_up', level: 'info', message, subject: claims.sub, sid: held.sid })
  await context.revocations.revoke(withoutTokensOf(replaced, tokenSetsOf(held.view.content)))
  return held
}

function noteAsked(context: LoginContext, content: SessionContent, asked: readonly string[]): SessionContent {
  if (asked.length === 0) return content
  const identity = identityOf(content)
  const now = context.settings.clock.now()
  const known = { ...identity.asked, ...Object.fromEntries(asked.map((what) => [what, now])) }
  return { ...content, identity: { ...identity, asked: known } }
}

/** One more round of this requirement; rounds that are older than the window are forgotten. */
function countRound(context: LoginContext, content: SessionContent, key: string): SessionContent {
  const identity = identityOf(content)
  const now = context.settings.clock.now()
  const recent = Object.entries(identity.stepUps ?? {}).filter(([, round]) => now - round.since <= window)
  const before: StepUpRound = Object.fromEntries(recent)[key] ?? { count: 0, since: now }
  const stepUps = { ...Object.fromEntries(recent), [key]: { ...before, count: before.count + 1 } }
  return { ...content, identity: { ...identity, stepUps } }
}
