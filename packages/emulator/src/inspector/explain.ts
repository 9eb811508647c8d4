import type { EmulatorContext } from '../context.ts'
import type { RequestRecord } from './record.ts'
import { authorizeAddress, splitScopes } from './remedy.ts'
import { requirementsOf } from './requirements.ts'
import type { Subject } from './subject.ts'

/** Why a request was refused, in words, and what would help. */
export interface Explanation {
  /** Which check refused; undefined when none did. */
  readonly refusal: string | undefined
  /** What the app or its developer can do. */
  readonly advice: string | undefined
  /** The address by which the person gives what was missing. */
  readonly authorize: string | undefined
}

type Explain = (record: RequestRecord, subject: Subject, context: EmulatorContext) => Explanation | undefined

/** Each knows one kind of refusal; the first that recognises it explains. */
const explanations: readonly Explain[] = [
  requirement,
  unknownScopes,
  redirectMismatch,
  redirected,
  deadToken,
  wrongServer,
  missingScope,
  usedCredential,
  clientAuthentication,
]

/** Says in words which check refused a request, and the authorize address that would mend it. */
export function explain(record: RequestRecord, subject: Subject, context: EmulatorContext): Explanation {
  const isRefusal = record.status >= 400 || record.status === 0 || record.redirectError !== undefined
  if (!isRefusal) return { refusal: undefined, advice: undefined, authorize: undefined }
  for (const one of explanations) {
    const explanation = one(record, subject, context)
    if (explanation !== undefined) return explanation
  }
  const advice =
    record.status === 501 ? 'Globus can do this; the emulator cannot. Nothing is wrong with the app.' : undefined
  return { refusal: record.reason ?? `The answer was ${record.status}.`, advice, authorize: undefined }
}

function requirement(...[record, subject, context]: Parameters<Explain>): Explanation | undefined {
  const requirements = requirementsOf(record.document)
  if (requirements === undefined) return undefined
  return {
    refusal: `${requirements.sentence}${record.reason === undefined ? '' : ` (${record.reason})`}`,
    advice:
      'The app must send the person to authorize with its usual scopes and these, then repeat the call with the new token.',
    authorize: authorizeAddress(subject, requirements, context),
  }
}

function unknownScopes(...[record, subject, context]: Parameters<Explain>): Explanation | undefined {
  if (record.reason?.includes('requested unknown scopes') !== true) return undefined
  return {
    refusal: `No service has registered a scope that was asked for: ${record.reason}.`,
    advice:
      'Correct or remove that scope. A collection has data_access only if it is mapped and not high assurance. Without it:',
    authorize: authorizeAddress(subject, {}, context),
  }
}

function redirectMismatch(...[record, subject, context]: Parameters<Explain>): Explanation | undefined {
  if (record.reason !== 'Mismatching redirect URI.') return undefined
  const client = subject.client === undefined ? undefined : context.world.clients.find(subject.client)
  const registered = client?.redirectUris.join(', ') ?? ''
  return {
    refusal: `The redirect_uri is not registered. It must equal one of these, character by character: ${registered || 'none is registered'}.`,
    advice: 'Send a registered address, or register this one. With the registered one:',
    authorize: authorizeAddress(subject, {}, context),
  }
}

function redirected(...[record, subject, context]: Parameters<Explain>): Explanation | undefined {
  if (record.redirectError === undefined) return undefined
  const { error, description } = record.redirectError
  const advice = new Map([
    ['access_denied', 'The person pressed Deny. Asking again shows the page again:'],
    ['login_required', 'With prompt=none nobody may be asked to log in. Without it:'],
    ['consent_required', 'With prompt=none nobody may be asked for consent. Without it:'],
  ])
  const authorize = advice.has(error) ? authorizeAddress(subject, {}, context) : undefined
  return { refusal: `The app was told ${error}: ${description}`, advice: advice.get(error), authorize }
}

function deadToken(...[record, subject, context]: Parameters<Explain>): Explanation | undefined {
  const { token } = subject
  if (record.status !== 401 || record.credential?.kind !== 'bearer token') return undefined
  const state =
    token === undefined
      ? 'was never issued by this emulator, or was forgotten by a reset'
      : token.kind === 'refresh'
        ? 'is a refresh token, which services do not take'
        : token.revokedAt !== null && token.revokedAt <= record.at
          ? 'had been revoked'
          : token.expiresAt <= record.at
            ? 'had expired'
            : undefined
  if (state === undefined) return undefined
  return {
    refusal: `The bearer token ${state}.`,
    advice: 'The app should refresh it once, and send the person to log in when that fails:',
    authorize: authorizeAddress(subject, {}, context),
  }
}

function wrongServer(record: RequestRecord, { token }: Subject): Explanation | undefined {
  if (record.status !== 401 || token === undefined) return undefined
  return {
    refusal: `The token is alive, but it is for the resource server ${token.resourceServer}, and this is another service.`,
    advice: 'Take the token of this service from other_tokens, by its resource_server.',
    authorize: undefined,
  }
}

function missingScope(...[record, subject, context]: Parameters<Explain>): Explanation | undefined {
  const lacking = /lacks the scopes? (.+)$/.exec(record.reason ?? '')?.[1]
  if (record.status !== 403 || lacking === undefined) return undefined
  return {
    refusal: `The token lacks the scope ${lacking}; it has ${subject.scopes.join(' ') || 'none'}.`,
    advice: 'A token has the scopes of its own login only. The app must log the person in with all it needs:',
    authorize: authorizeAddress(subject, { scopes: splitScopes(lacking) }, context),
  }
}

function usedCredential(...[record, subject, context]: Parameters<Explain>): Explanation | undefined {
  if (record.document?.['error'] !== 'invalid_grant') return undefined
  const refusal = `${record.reason ?? 'The grant is not valid'}.`
  return {
    refusal,
    advice: 'Nothing but a new login helps; a code or refresh token that was refused stays refused:',
    authorize: authorizeAddress(subject, {}, context),
  }
}

function clientAuthentication(record: RequestRecord, subject: Subject): Explanation | undefined {
  if (record.status !== 401 || record.credential?.kind === 'bearer token') return undefined
  const name = subject.client === undefined ? 'No client named itself' : `Client ${subject.client} did not prove itself`
  return {
    refusal: `${name}: ${record.reason ?? 'client authentication failed'}.`,
    advice:
      'Confidential clients send HTTP Basic with client id and secret as they are; public ones send client_id in the form. The secrets of this world are in the file of --info.',
    authorize: undefined,
  }
}
