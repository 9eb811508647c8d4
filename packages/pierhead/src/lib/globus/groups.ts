import * as sdk from '@globus/sdk/services/groups'
import { bindMethods, type Connection } from './bind.ts'
import type { ClientOptions } from './client-options.ts'
import type { Bindings, TableFor } from './method-types.ts'
import { groupsMethods } from './other-methods.ts'
import { serviceCalls, type ServiceCalls } from './service-calls.ts'
import { serviceOf } from './services.ts'
import type { TokenSource } from './token-source.ts'

type Document =
  sdk.OpenAPI.operations['get_group_v2_groups__group_id__get']['responses']['200']['content']['application/json']

/** A group; `my_memberships` has one entry for each identity of the person that is in it. */
export interface Group extends Document {}

interface GroupsFixes {
  readonly groups: {
    readonly getMyGroups: Group[]
    readonly get: Group
    readonly create: Group
    readonly update: Group
  }
}

type Methods = Bindings<typeof sdk, typeof groupsMethods, GroupsFixes>

/** Globus Groups for one person, with the names of `groups` in `@globus/sdk`. See <https://docs.globus.org/api/groups/>. */
export interface GroupsClient extends Methods, ServiceCalls {}

/** Globus Groups with the tokens of a session. Nothing is sent yet. */
export function groupsClient(session: TokenSource, options: ClientOptions = {}): GroupsClient {
  const connection: Connection = { service: serviceOf('GROUPS'), session, options }
  // The table names methods of the module only, and Bindings has their types.
  const methods = bindMethods(sdk, groupsMethods satisfies TableFor<typeof sdk>, connection) as Methods
  return { ...methods, ...serviceCalls(connection) }
}
