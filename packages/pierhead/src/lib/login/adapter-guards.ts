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

/** `find`: the visit that the adapter's middleware opened for a request; undefined when it did not run. */
export function guardsFor<Request>(find: (request: Request) => unknown): AdapterGuards<Request> {
  const visit = <Data>(request: Request): Visit<Data> => {
    const found = find(request)
    if (found === undefined)
      throw new TypeError(
        'Register loginMiddleware, in Fastify loginPlugin, before the handlers that ask for a session.',
      )
    // Only loginMiddleware keeps one, opened by the login whose Data the caller names.
    return found as Visit<Data>
  }
  return {
    getSession: (request) => visit<never>(request).session,
    requireSession: (request) => visit<never>(request).guards.requireSession(),
    requireScopes: (request, ...scopes) => visit<never>(request).guards.requireScopes(...scopes),
    requireGroup: async (request, id, options) => visit(request).guards.requireGroup(id, options),
    requireAuthentication: async (request, options) => visit<never>(request).guards.requireAuthentication(options),
  }
}
