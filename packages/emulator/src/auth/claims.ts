import { toSeconds } from '../clock.ts'
import type { EmulatorContext } from '../context.ts'
import type { Identity } from '../world/identities.ts'

type Claims = Readonly<Record<string, unknown>>

const VIEW_IDENTITY_SET = 'urn:globus:auth:scope:auth.globus.org:view_identity_set'

/** Whose claims, as far as which scopes allow. */
interface ClaimsSubject {
  readonly identity: string
  readonly scopes: ReadonlySet<string>
}

/** The claims of an ID token about the person, in the order of a recorded one. */
export function idTokenClaims({ identity: id, scopes }: ClaimsSubject, context: EmulatorContext): Claims {
  const identity = requireIdentity(id, context)
  const profile = scopes.has('profile')
  const withSet = scopes.has(VIEW_IDENTITY_SET) || context.behaviour.identitySetAlways
  return {
    sub: identity.id,
    ...(profile ? { organization: identity.organization, ...profileOf(identity, context) } : {}),
    ...(scopes.has('email') ? { email: identity.email } : {}),
    ...(profile ? { last_authentication: secondsOrNull(identity.lastAuthentication) } : {}),
    ...(withSet
      ? { identity_set: context.world.identities.account(id).map((linked) => idTokenMember(linked, context)) }
      : {}),
  }
}

/** The document of the userinfo endpoint, as far as the scopes of the token allow. */
export function userinfoClaims({ identity: id, scopes }: ClaimsSubject, context: EmulatorContext): Claims {
  const identity = requireIdentity(id, context)
  return {
    sub: identity.id,
    ...(scopes.has('profile') ? { ...profileOf(identity, context), organization: identity.organization } : {}),
    ...(scopes.has('email') ? { email: identity.email } : {}),
    ...(scopes.has(VIEW_IDENTITY_SET)
      ? { identity_set: context.world.identities.account(id).map((linked) => memberClaims(linked, context)) }
      : {}),
  }
}

/** The name of the identity's provider, as people know it. */
export const providerName = (identity: Identity, context: EmulatorContext): string =>
  context.world.identities.findProvider(identity.identityProvider)?.name ?? identity.identityProvider

function profileOf(identity: Identity, context: EmulatorContext): Claims {
  return {
    name: identity.name,
    preferred_username: identity.username,
    identity_provider: identity.identityProvider,
    identity_provider_display_name: providerName(identity, context),
  }
}

function idTokenMember(identity: Identity, context: EmulatorContext): Claims {
  return {
    sub: identity.id,
    username: identity.username,
    // An identity that never logged in is known by its username only.
    name: identity.lastAuthentication === null ? null : identity.name,
    email: identity.email,
    ...(identity.organization === null ? {} : { organization: identity.organization }),
    identity_provider: identity.identityProvider,
    identity_provider_display_name: providerName(identity, context),
    last_authentication: secondsOrNull(identity.lastAuthentication),
  }
}

/** What UserInfo and introspection say of one linked identity. */
export function memberClaims(identity: Identity, context: EmulatorContext): Claims {
  return {
    sub: identity.id,
    username: identity.username,
    name: identity.name,
    email: identity.email,
    organization: identity.organization,
    identity_provider: identity.identityProvider,
    identity_provider_display_name: providerName(identity, context),
    status: identity.status,
    last_authentication: secondsOrNull(identity.lastAuthentication),
  }
}

function requireIdentity(id: string, context: EmulatorContext): Identity {
  const identity = context.world.identities.find(id)
  if (identity === undefined) throw new Error('A token names an identity that does not exist')
  return identity
}

export const secondsOrNull = (milliseconds: number | null): number | null =>
  milliseconds === null ? null : toSeconds(milliseconds)
