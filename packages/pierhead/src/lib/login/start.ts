import { LoginError } from '../../errors.ts'
import { authorizationUrl, type AuthorizationRequest } from '../oauth/authorization-request.ts'
import { createCodeVerifier, createNonce, createState } from '../oauth/random.ts'
import type { OutgoingCookie } from '../session/cookies.ts'
import type { RequestCookies } from '../session/session-keeper.ts'
import { redirectAnswer, type Answer } from './answer.ts'
import type { LoginContext } from './context.ts'
import { parseReturnTo } from './return-to.ts'
import { tooManyRounds } from './rounds.ts'

/** What a link to log in can ask for. Sealed into the link, so that nobody else can ask on the application's behalf (SEC-17). */
export interface LoginRequestOptions {
  /** Local path to come back to. Default: the base path. Anything that is not a path of ours is ignored. */
  readonly returnTo?: string
  /** UUID of an identity that the person must log in with. */
  readonly identity?: string
  /** Domain such as `harbour.example`: the person must log in with an identity of it. */
  readonly domain?: string
  /** `login`: ask for a fresh login even if the browser has one. */
  readonly prompt?: 'login'
  /** Shown to the person by Globus. */
  readonly message?: string
}

type SealedRequest = Omit<LoginRequestOptions, 'returnTo'> & { readonly created: number }

const stepDeadline = 10_000
/** Milliseconds for which a link that asks for more than a plain login works. */
const linkLifetime = 24 * 60 * 60 * 1000

/** The local address that starts a login. */
export function loginUrl(context: LoginContext, options: LoginRequestOptions): string {
  const { settings, loginRequests } = context
  const { returnTo, ...asked } = options
  const query = new URLSearchParams()
  const target = parseReturnTo(returnTo, settings.origin, settings.basePath)
  if (target !== undefined && target !== `${settings.basePath}/`) query.set('return_to', target)
  if (Object.values(asked).some((value) => value !== undefined)) {
    query.set('request', loginRequests.seal(JSON.stringify({ ...asked, created: settings.clock.now() })))
  }
  return query.size === 0 ? settings.loginPath : `${settings.loginPath}?${query.toString()}`
}

/** Starts a login: a transaction for this browser, and the way to the provider (RFC 6749 section 4.1.1). */
export async function startLogin(
  context: LoginContext,
  query: URLSearchParams,
  cookies: RequestCookies,
): Promise<{ answer: Answer; cookies: OutgoingCookie[] }> {
  const { settings, transactions } = context
  if (tooManyRounds(context, cookies)) {
    throw new LoginError('unknown_login', 'Three logins of this browser succeeded within a minute and none was kept.')
  }
  const asked = openRequest(context, query.get('request'))
  const created = settings.clock.now()
  const secrets = { state: createState(), nonce: createNonce(), codeVerifier: createCodeVerifier() }
  const url = await authorizationUrl(
    context.provider,
    { ...secrets, scopes: settings.scopes, refreshTokens: settings.refreshTokens, ...requirements(asked) },
    settings.clock.timeout(stepDeadline),
  )
  const returnTo = parseReturnTo(query.get('return_to'), settings.origin, settings.basePath) ?? `${settings.basePath}/`
  const transaction = { ...secrets, issuer: settings.issuer, returnTo, created }
  return {
    answer: redirectAnswer(url.href, { status: 302, referrer: 'no-referrer' }),
    cookies: transactions.start(transaction, cookies),
  }
}

function openRequest(context: LoginContext, sealed: string | null): SealedRequest | undefined {
  if (sealed === null) return undefined
  const opened = context.loginRequests.open(sealed)
  if ('failure' in opened) throw new LoginError('invalid_request', 'The login link is not one of ours.')
  // Sealed by loginUrl above, under a key that nothing else seals with.
  const request = JSON.parse(opened.text) as SealedRequest
  if (context.settings.clock.now() - request.created <= linkLifetime) return request
  throw new LoginError('login_expired', 'The login link is older than a day.')
}

/** Session requirements need a fresh login, else a browser that is logged in already would come back unchanged. */
function requirements(asked: SealedRequest | undefined): Partial<AuthorizationRequest> {
  const { identity, domain, prompt, message } = asked ?? {}
  return {
    ...(identity === undefined ? {} : { sessionRequiredIdentities: [identity] }),
    ...(domain === undefined ? {} : { sessionRequiredSingleDomain: [domain] }),
    ...(message === undefined ? {} : { sessionMessage: message }),
    ...((prompt ?? identity ?? domain) ? { prompt: 'login' as const } : {}),
  }
}
