import type { EmulatorContext } from '../context.ts'
import type { Consent } from '../world/consents.ts'
import { explain } from './explain.ts'
import type { Recorder } from './recorder.ts'
import type { Parameter, RequestRecord } from './record.ts'
import { splitScopes } from './remedy.ts'
import { subjectOf, type Subject } from './subject.ts'

/** An id, and the name people know it by. */
export interface Named {
  readonly id: string
  readonly name: string | null
}

/** A row of the list. */
export interface RequestSummary {
  readonly id: string
  readonly at: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly milliseconds: number
  readonly client: Named | null
  readonly identity: Named | null
  readonly scopes: readonly string[]
  readonly reason: string | null
}

/** One place in the tree of what the person has allowed the app. */
export interface ConsentNode {
  readonly scope: string
  readonly optional: boolean
  readonly granted_at: string
  readonly dependencies: readonly ConsentNode[]
}

export interface SessionDescription {
  readonly session_id: string
  readonly authentications: readonly { readonly identity: Named; readonly at: string; readonly mfa: boolean }[]
}

/** Everything that is known of one request. */
export interface RequestDescription extends RequestSummary {
  /** Which check refused, in words; null when none did. */
  readonly refusal: string | null
  readonly advice: string | null
  /** The address by which the person gives what was missing. */
  readonly authorize_url: string | null
  readonly parameters: readonly Parameter[]
  /** What became of the token or code that was shown. */
  readonly credential: string | null
  readonly sent_to: string | null
  readonly answer: Readonly<Record<string, unknown>> | null
  readonly consents: readonly ConsentNode[] | null
  readonly session: SessionDescription | null
}

export interface Inspected {
  readonly recorder: Recorder
  readonly context: EmulatorContext
}

export function summarize(record: RequestRecord, { recorder, context }: Inspected): RequestSummary {
  return summary(record, subjectOf(record, recorder, context), context)
}

export function describe(record: RequestRecord, { recorder, context }: Inspected): RequestDescription {
  const subject = subjectOf(record, recorder, context)
  const { refusal, advice, authorize } = explain(record, subject, context)
  return {
    ...summary(record, subject, context),
    refusal: refusal ?? null,
    advice: advice ?? null,
    authorize_url: authorize ?? null,
    parameters: record.parameters,
    credential: describeCredential(record, subject),
    sent_to: record.location ?? null,
    answer: record.document ?? null,
    consents: consentTrees(subject, context),
    session: describeSession(subject, context),
  }
}

function summary(record: RequestRecord, subject: Subject, context: EmulatorContext): RequestSummary {
  const { client, identity } = subject
  return {
    id: record.id,
    at: new Date(record.at).toISOString(),
    method: record.method,
    path: record.path,
    status: record.status,
    milliseconds: Math.round(record.milliseconds),
    client: client === undefined ? null : { id: client, name: context.world.clients.find(client)?.name ?? null },
    identity: identity === undefined ? null : nameIdentity(identity, context),
    scopes: splitScopes(subject.scopes.join(' ')),
    reason: record.reason ?? null,
  }
}

const nameIdentity = (id: string, { world }: EmulatorContext): Named => ({
  id,
  name: world.identities.find(id)?.username ?? null,
})

function describeCredential({ credential, at }: RequestRecord, { token, code }: Subject): string | null {
  if (credential === undefined) return null
  const name = `${credential.kind} ‹${credential.fingerprint.slice(0, 8)}›`
  if (code !== undefined) return `${name}: ${lifeOf(code.usedAt, code.expiresAt, { at, end: 'used' })}`
  if (token === undefined) return `${name}: unknown here`
  return `${name} for ${token.resourceServer}: ${lifeOf(token.revokedAt, token.expiresAt, { at, end: 'revoked' })}`
}

function lifeOf(endedAt: number | null, expiresAt: number, { at, end }: { at: number; end: string }): string {
  if (endedAt !== null) return `${end} at ${new Date(endedAt).toISOString()}`
  return `${expiresAt <= at ? 'expired' : 'alive until'} ${new Date(expiresAt).toISOString()}`
}

function consentTrees({ client, identity }: Subject, { world }: EmulatorContext): readonly ConsentNode[] | null {
  const primary = identity === undefined ? undefined : world.identities.find(identity)?.primaryIdentity
  if (client === undefined || primary === undefined) return null
  const byParent = Map.groupBy(world.consents.list({ client, identity: primary }), (consent) => consent.parent)
  const below = (parent: number | null): readonly ConsentNode[] =>
    (byParent.get(parent) ?? []).map((consent) => ({ ...describeConsent(consent), dependencies: below(consent.id) }))
  return below(null)
}

const describeConsent = (consent: Consent): Omit<ConsentNode, 'dependencies'> => ({
  scope: consent.scope,
  optional: consent.atomicallyRevocable,
  granted_at: new Date(consent.createdAt).toISOString(),
})

function describeSession({ authSession }: Subject, context: EmulatorContext): SessionDescription | null {
  const session = authSession === undefined ? undefined : context.world.sessions.findAuthSession(authSession)
  if (session === undefined) return null
  return {
    session_id: session.id,
    authentications: session.authentications.map(({ identity, authTime, mfa }) => ({
      identity: nameIdentity(identity, context),
      at: new Date(authTime).toISOString(),
      mfa,
    })),
  }
}
