import * as sdk from '@globus/sdk/services/auth'
import type { Consent } from '@globus/sdk/services/auth/service/identities/consents'
import { bindMethods, type Connection } from './bind.ts'
import type { ClientOptions } from './client-options.ts'
import type { Bindings, TableFor } from './method-types.ts'
import { authMethods } from './other-methods.ts'
import { serviceCalls, type ServiceCalls } from './service-calls.ts'
import { serviceOf } from './services.ts'
import type { TokenSource } from './token-source.ts'

type Methods = Bindings<typeof sdk, typeof authMethods, AuthFixes>

/** An identity of Globus Auth, for which the SDK has no type. */
export interface Identity {
  readonly id: string
  readonly username: string
  readonly name: string | null
  readonly email: string | null
  readonly organization: string | null
  readonly identity_provider: string
  readonly identity_type: string
  /** `used`, `unused`, `private` or `closed`. */
  readonly status: string
}

interface AuthFixes {
  readonly identities: {
    readonly get: { readonly identity: Identity }
    readonly getAll: { readonly identities: Identity[] }
    readonly consents: { readonly getAll: { readonly consents: Consent[] } }
  }
}

/**
 * Identities and consents of Globus Auth, with the names of `auth` in `@globus/sdk`. Login, refresh and revocation are
 * not here: `createLogin` does them. See <https://docs.globus.org/api/auth/reference/>.
 */
export interface AuthClient extends Methods, ServiceCalls {}

/** Globus Auth with the tokens of a session. Nothing is sent yet. */
export function authClient(session: TokenSource, options: ClientOptions = {}): AuthClient {
  const connection: Connection = { service: serviceOf('AUTH'), session, options }
  // The table names methods of the module only, and Bindings has their types.
  const methods = bindMethods(sdk, authMethods satisfies TableFor<typeof sdk>, connection) as Methods
  return { ...methods, ...serviceCalls(connection) }
}
