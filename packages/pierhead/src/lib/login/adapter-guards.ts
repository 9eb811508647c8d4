import type { AuthenticationOptions } from './authentication-guard.ts'
import type { GroupMembership, GroupOptions } from './group-guard.ts'
import type { LoginSession } from './login-session.ts'
import type { Visit } from './visit.ts'

/** The functions that every adapter exports, for its own kind of request. */
export interface AdapterGuards<Request> {
  readonly getSession: <Data = undefined>(request: Request) => LoginSession<Data> | undefined
  readonly requireSession: <Data = undefined>(request: Request) => LoginSession<Data>
  readonly requireScopes: <Data = undefined>(request: Request, ...scopes: readonly string[]) => LoginSession<Data>
  readonly requireGroup: (request: Request, id: string, options?: GroupOptions) => Promise<GroupMembership>
  readonly requireAuthentication: <Data = undefined>(
    request: Request,
    options: AuthenticationOptions,
  ) => Promise<LoginSession<Data>>
}

/** `visitOf`: the visit of a request; throws a TypeError when the adapter's middleware did not run. */
export function guardsFor<Request>(visitOf: (request: Request) => Visit<never>): AdapterGuards<Request> {
  // The visit was opened by the login whose Data the caller names.
  return {
    getSession: (request) => visitOf(request).session,
    requireSession: (request) => visitOf(request).guards.requireSession(),
    requireScopes: (request, ...scopes) => visitOf(request).guards.requireScopes(...scopes),
    requireGroup: async (request, id, options) => visitOf(request).guards.requireGroup(id, options),
    requireAuthentication: async (request, options) => visitOf(request).guards.requireAuthentication(options),
  }
}
