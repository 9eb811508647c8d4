import type { EmulatorContext } from '../context.ts'
import { accountOf } from '../transfer/account.ts'
import type { Call } from '../transfer/call.ts'
import type { Caller } from '../transfer/caller.ts'
import { notImitated, permissionDenied, TransferError } from '../transfer/errors.ts'
import { hostingEndpoint } from '../transfer/hosting-endpoint.ts'
import { managerScope } from '../transfer/plant-collections.ts'
import { isVisible, rolesOf } from '../transfer/rights.ts'
import type { Collection } from '../world/collections.ts'

/** One request to the manager of an endpoint. */
export interface ManagerCall extends Call {
  readonly endpoint: Collection
}

/** What a call answers: documents for `data`, with the page's end where it is one of several. */
export interface ManagerReply {
  readonly status?: number
  readonly message?: string
  readonly data: readonly object[]
  /** Where the next page begins; null at the end. */
  readonly marker?: string | null
}

/**
 * Who calls, by a token for this endpoint.
 *
 * @throws TransferError 401 without a live one, 403 for one without the scope
 */
export function authenticateManagerCaller(request: Request, endpoint: Collection, context: EmulatorContext): Caller {
  const { world, clock } = context
  const bearer = /^bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  const token = bearer === undefined ? undefined : world.tokens.findLive(bearer, clock.now())
  if (token?.kind !== 'access' || token.resourceServer !== endpoint.id)
    throw new TransferError(401, 'Unauthorized', 'A token for this endpoint is required')
  if (!token.scope.split(' ').includes(managerScope(endpoint.id)))
    throw permissionDenied(`The token lacks the scope ${managerScope(endpoint.id)}`)
  const session = token.authSession === null ? undefined : world.sessions.findAuthSession(token.authSession)
  return {
    ...accountOf(token.identity, context),
    client: token.client,
    authentications: session?.authentications ?? [],
  }
}

/** A collection of this endpoint. @throws TransferError 404 for all others, and for what the caller may not know of */
export function requireManaged(id: string, { context, caller, endpoint }: ManagerCall): Collection {
  const collection = context.world.collections.find(id.toLowerCase())
  const isHere =
    collection?.deletedAt === null &&
    collection.entityType !== 'GCSv5_endpoint' &&
    hostingEndpoint(collection, context.world)?.id === endpoint.id
  if (isHere && (isAdministrator(collection, { context, caller, endpoint }) || isVisible(collection, caller, context)))
    return collection
  throw new TransferError(404, 'NotFound', `No collection '${id}' on this endpoint`)
}

type Asker = Pick<ManagerCall, 'context' | 'caller' | 'endpoint'>

/** Whether the caller administers a collection: itself, its endpoint, or the collection that it was made on. */
export function isAdministrator(collection: Collection, { context, caller, endpoint }: Asker): boolean {
  const host = collection.host === null ? undefined : context.world.collections.find(collection.host.id)
  return [collection, endpoint, host].some(
    (one) => one !== undefined && rolesOf(one, caller, context).includes('administrator'),
  )
}

/** @throws TransferError 403 */
export function requireAdministrator(collection: Collection, call: ManagerCall): void {
  if (!isAdministrator(collection, call)) throw permissionDenied(`You do not administer '${collection.id}'`)
}

/** For what Connect Server has and the emulator does not. */
export const missing = (what: string) => (): never => {
  throw notImitated(what)
}
