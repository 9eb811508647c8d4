import { randomBytes } from 'node:crypto'
import { LoginError } from '../../errors.ts'
import type { HeldSession } from '../session/session-keeper.ts'
import type { LoginContext } from './context.ts'
import { identityOf } from './session-content.ts'

/** A form whose sending was interrupted by a login or a step-up. */
export interface KeptForm {
  /** Public path and query that it was sent to. */
  readonly target: string
  readonly fields: readonly (readonly [name: string, value: string])[]
  /** Keyed hash of the one person who sees it again. */
  readonly subject: string
}

/** Milliseconds. As long as a login may take. */
const lifetime = 600_000

/** Keeps a form, sealed, and gives the local address at which its owner finds it after the login. */
export async function keepForm(
  context: LoginContext,
  { target, form, subject }: { target: string; form: URLSearchParams; subject: string },
): Promise<string> {
  const id = randomBytes(16).toString('base64url')
  const fields = [...form].filter(([name]) => name !== 'csrf_token')
  const kept: KeptForm = { target, fields, subject }
  const expiresAt = context.settings.clock.now() + lifetime
  await context.store.create(`form:${id}`, context.keptForms.seal(JSON.stringify(kept)), { subject: '', expiresAt })
  return `${context.settings.loginPath}?resume=${id}`
}

/** Throws `form_expired` when there is no such form any more, `identity_mismatch` when it is another person's. */
export async function findForm(context: LoginContext, held: HeldSession, id: string): Promise<KeptForm> {
  const sealed = await context.store.read(`form:${id}`)
  const opened = sealed === undefined ? undefined : context.keptForms.open(sealed)
  if (opened === undefined || 'failure' in opened) {
    throw new LoginError('form_expired', 'The form that was interrupted is not kept any more.')
  }
  // Sealed by keepForm above, under a key that nothing else seals with.
  const kept = JSON.parse(opened.text) as KeptForm
  // The session may be older or newer than a change of secrets.
  if (context.subjectHashes(identityOf(held.view.content).claims.sub).includes(kept.subject)) return kept
  throw new LoginError('identity_mismatch', 'The form that was interrupted belongs to another person.')
}
