import type { AuthenticationOptions } from './authentication-guard.ts'
import type { GroupMembership, GroupOptions } from './group-guard.ts'
import type { LoginSession } from './login-session.ts'
import type { LoginSource } from './shared-login.ts'
import type { Visit } from './visit.ts'

/** The functions that every adapter exports, where the framework knows the request and the handler knows the login. */
export interface AmbientGuards {
  readonly getSession: <Data>(login: LoginSource<Data>) => Promise<LoginSession<Data> | undefined>
  readonly requireSession: <Data>(login: LoginSource<Data>) => Promise<LoginSession<Data>>
  readonly requireScopes: <Data>(login: LoginSource<Data>, ...scopes: readonly string[]) => Promise<LoginSession<Data>>
  readonly requireGroup: <Data>(
    login: LoginSource<Data>,
    id: string,
    options?: GroupOptions,
  ) => Promise<GroupMembership>
  readonly requireAuthentication: <Data>(
    login: LoginSource<Data>,
    options: AuthenticationOptions,
  ) => Promise<LoginSession<Data>>
}

/** `ask`: opens the visit of the request that is under way, and throws what the framework understands. */
export function ambientGuards(
  ask: <Data, Result>(
    login: LoginSource<Data>,
    question: (visit: Visit<Data>) => Result | Promise<Result>,
  ) => Promise<Result>,
): AmbientGuards {
  return {
    getSession: (login) => ask(login, (visit) => visit.session),
    requireSession: (login) => ask(login, ({ guards }) => guards.requireSession()),
    requireScopes: (login, ...scopes) => ask(login, ({ guards }) => guards.requireScopes(...scopes)),
    requireGroup: (login, id, options) => ask(login, ({ guards }) => guards.requireGroup(id, options)),
    requireAuthentication: (login, options) => ask(login, ({ guards }) => guards.requireAuthentication(options)),
  }
}
