import { defaultServicesBehaviour, type ServicesBehaviour } from './services/options.ts'
import { defaultTransferBehaviour, type TransferBehaviour } from './transfer/options.ts'

/**
 * How the emulator behaves where the truth about Globus Auth is unknown, or where a test wants it otherwise. Every name here
 * can be set when the emulator is made and changed while it runs.
 */
export interface Behaviour extends TransferBehaviour, ServicesBehaviour {
  /** Seconds an access token lives. Default 172800, as in every recorded token. */
  accessTokenLifetime: number
  /** Seconds an unused refresh token lives, counted from its last use. Default 15552000 (six months). */
  refreshTokenLifetime: number
  /** Seconds an authorization code lives. Default 600; the real life is unknown. */
  codeLifetime: number
  /** Seconds a login that was begun may take. Default 1800. */
  attemptLifetime: number
  /** Seconds the emulator remembers who logged in with a browser. Default 1209600 (two weeks). */
  browserSessionLifetime: number
  /**
   * What a refresh gives back. `off` (default): the same refresh token, as Globus did in 2018. `rotate`: a new one, the old one dies.
   * `grace`: as `rotate`, but the old one works for `refreshGrace` seconds more, for answers that got lost. `detect`: as `rotate`, and using
   * an old one revokes every token of that grant.
   */
  refreshRotation: 'off' | 'rotate' | 'grace' | 'detect'
  /** Seconds for which a replaced refresh token still works with `refreshRotation: 'grace'`. Default 60. */
  refreshGrace: number
  /**
   * `lenient` (default) accepts credentials in the body alone and form-encoded Basic credentials, with a warning in the log; `strict`
   * accepts raw Basic credentials and public clients only.
   */
  clientAuthentication: 'lenient' | 'strict'
  /** Whether a code that is used a second time also revokes the tokens of its first use (RFC 6749 section 4.1.2). Default true. */
  codeReuseRevokes: boolean
  /** Whether `code_challenge_method=plain` is accepted. Default false. */
  pkcePlain: boolean
  /** Whether confidential clients must use PKCE too. Default false: checked if sent. */
  pkceRequired: boolean
  /** Whether the `nonce` of the authorization request comes back in the ID token. Default true. */
  nonceEcho: boolean
  /** Whether ID tokens carry `identity_set` without the scope `view_identity_set`. Default false; unknown in life. */
  identitySetAlways: boolean
  /** Whether revoking a refresh token ends its access tokens too. Default false, as Globus's own portal had to be changed to revoke both. */
  refreshRevocationCascades: boolean
  /** What a client learns about a token that is neither its own nor for it. `inactive` (default; unknown in life), or 403. */
  foreignIntrospection: 'inactive' | 'forbidden'
  /**
   * Which tokens gain the logins of a step-up. `new-tokens` (default; unknown in life): those issued after it. `all-tokens`: also the older
   * ones of the same app and browser.
   */
  stepUpReach: 'new-tokens' | 'all-tokens'
  /**
   * Seconds for which a login as an admin of the project allows changes by the developer API; 0 asks for none. Default 1800, after a refusal
   * quoted in ORNL/DataFed issue 1783.
   */
  projectAdminWindow: number
  /** Who is logged in without a login page, by id, username or name. Default null: nobody. */
  autoLogin: string | null
  /** Whether every consent is given without asking. Default false. */
  autoConsent: boolean
}

/** The behaviour of an emulator that is told nothing else. */
export const defaultBehaviour: Readonly<Behaviour> = {
  accessTokenLifetime: 172_800,
  refreshTokenLifetime: 15_552_000,
  codeLifetime: 600,
  attemptLifetime: 1_800,
  browserSessionLifetime: 1_209_600,
  refreshRotation: 'off',
  refreshGrace: 60,
  clientAuthentication: 'lenient',
  codeReuseRevokes: true,
  pkcePlain: false,
  pkceRequired: false,
  nonceEcho: true,
  identitySetAlways: false,
  refreshRevocationCascades: false,
  foreignIntrospection: 'inactive',
  stepUpReach: 'new-tokens',
  projectAdminWindow: 1_800,
  ...defaultTransferBehaviour,
  ...defaultServicesBehaviour,
  autoLogin: null,
  autoConsent: false,
}
