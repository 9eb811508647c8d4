import type { EmulatorContext } from '../context.ts'
import type { Client } from '../world/clients.ts'

/** Where a page of Globus Auth leads back to: `client_id`, `redirect_uri` and `redirect_name` of its address. */
export interface ReturnLink {
  readonly client: Client | undefined
  readonly link: string | undefined
  readonly name: string
  /** Whether an address was given that does not belong to the client. */
  readonly refused: boolean
}

/**
 * Reads the way back from a query. What Globus checks about the address is unknown; here it must be http or https and of the same origin as
 * a redirect address of the client. The older samples call the client `client`.
 */
export function readReturnLink(query: URLSearchParams, { world }: EmulatorContext): ReturnLink {
  const clientId = query.get('client_id') ?? query.get('client')
  const client = clientId === null ? undefined : world.clients.find(clientId)
  const target = query.get('redirect_uri')
  const link = target !== null && client !== undefined && belongsTo(target, client) ? target : undefined
  const name = query.get('redirect_name') ?? client?.name ?? 'the app'
  return { client, link, name, refused: target !== null && link === undefined }
}

function belongsTo(target: string, client: Client): boolean {
  const origin = httpOrigin(target)
  return origin !== undefined && client.redirectUris.some((uri) => httpOrigin(uri) === origin)
}

function httpOrigin(address: string): string | undefined {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined
  return new URL(address).origin
}
