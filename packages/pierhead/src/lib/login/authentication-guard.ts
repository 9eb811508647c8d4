import { LoginError } from '../../errors.ts'
import type { Introspection } from '../oauth/introspection.ts'
import type { HeldSession } from '../session/session-keeper.ts'
import { readAuthentications, type Authentication } from './authentications.ts'
import type { LoginContext } from './context.ts'
import { demand } from './demand.ts'
import type { LoginSession } from './login-session.ts'
import { identityOf } from './session-content.ts'
import { forgetRound } from './step-up.ts'

/**
 * How the person must have logged in. Identities, domains and times are read from the session that Globus shows
 * (`session_info` of introspection). Policies are not in it, and a second factor only where the identity provider tells.
 */
export interface AuthenticationOptions {
  /** Identities, by UUID or username, all of which must have logged in in this session. */
  readonly identities?: readonly string[]
  /** Domains such as `hospital.example`: an identity of one of them must have logged in in this session. */
  readonly domains?: readonly string[]
  /** A second factor must have been used: `amr` holds `mfa`, or `acr` is that of REFEDS. Default false. */
  readonly mfa?: boolean
  /** Ids of authentication policies. They can only be asked for: see `dangerouslyAcceptUnproven`. */
  readonly policies?: readonly string[]
  /** Seconds: logins before that do not count. Default: every login of this session counts. */
  readonly maxAge?: number
  /** What Globus tells the person who has to log in again. */
  readonly message?: string
  /**
   * Takes it as met that Globus was asked for policies, or for a second factor that it does not show, and that the person
   * came back. The request goes through the person's own browser, where they can change it: this is no protection from them.
   */
  readonly dangerouslyAcceptUnproven?: boolean
}

export async function requireAuthentication(
  context: LoginContext,
  { held, session }: { held: HeldSession; session: LoginSession<unknown> },
  options: AuthenticationOptions,
): Promise<void> {
  checkOptions(options)
  const authentications = readAuthentications(await introspectSession(context, session))
  const asked = demand({
    sessionRequiredIdentities: options.identities ?? [],
    sessionRequiredSingleDomain: options.domains ?? [],
    sessionRequiredPolicies: options.policies ?? [],
    sessionRequiredMfa: options.mfa ?? false,
    prompt: 'login',
    sessionMessage: options.message,
  })
  if (!isMet(options, { authentications, held, now: context.settings.clock.now() })) throw asked
  await forgetRound(held, asked)
}

function checkOptions({ policies = [], dangerouslyAcceptUnproven, maxAge }: AuthenticationOptions): void {
  if (policies.length > 0 && dangerouslyAcceptUnproven !== true) {
    throw new TypeError(
      'Globus does not show which policies a login met, so that this would refuse everybody. Demand domains, mfa and ' +
        'maxAge, or set dangerouslyAcceptUnproven after reading what it means.',
    )
  }
  if (maxAge !== undefined && !(maxAge > 0)) throw new TypeError('maxAge must be a positive number of seconds.')
}

/** The token that `openid` belongs to is the one whose session Globus shows. */
async function introspectSession(context: LoginContext, session: LoginSession<unknown>): Promise<Introspection> {
  const server = session.tokens.find(({ scopes }) => scopes.includes('openid'))?.resourceServer
  if (server === undefined) throw new LoginError('token_missing', 'No token of the session has the scope openid.')
  return context.introspect(await session.accessToken(server), ['session_info', 'identity_set_detail'])
}

interface Facts {
  readonly authentications: readonly Authentication[]
  readonly held: HeldSession
  /** Epoch milliseconds. */
  readonly now: number
}

function isMet(options: AuthenticationOptions, { authentications, held, now }: Facts): boolean {
  const { identities = [], domains = [], policies = [], mfa = false, maxAge = Infinity } = options
  const since = now - maxAge * 1000
  const recent = authentications.filter(({ time }) => maxAge === Infinity || time * 1000 >= since)
  const isNamed = (name: string) => (one: Authentication) =>
    one.identity === name || one.username === name.toLowerCase()
  if (!identities.every((name) => recent.some(isNamed(name)))) return false
  const fitting = recent.filter(
    ({ username }) => domains.length === 0 || domains.some((domain) => username.endsWith(`@${domain.toLowerCase()}`)),
  )
  if (fitting.length === 0) return false
  const { asked = {} } = identityOf(held.view.content)
  const wasAsked = (what: string): boolean => {
    const time = Object.hasOwn(asked, what) ? asked[what] : undefined
    return options.dangerouslyAcceptUnproven === true && time !== undefined && time >= since
  }
  return (!mfa || hasSecondFactor(fitting, wasAsked('mfa'))) && policies.every(wasAsked)
}

/** Where the provider says how somebody logged in, that is the answer; where it is silent, what was asked for. */
function hasSecondFactor(authentications: readonly Authentication[], wasAsked: boolean): boolean {
  if (authentications.some(({ secondFactor }) => secondFactor === true)) return true
  return wasAsked && authentications.every(({ secondFactor }) => secondFactor === undefined)
}
