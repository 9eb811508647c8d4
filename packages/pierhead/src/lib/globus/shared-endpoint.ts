import type { SDKOptions } from '@globus/sdk/services/types'
import { GlobusServiceError } from '../../errors.ts'
import { callService, type Connection } from './bind.ts'
import type { CallOptions } from './client-options.ts'
import { isJsonObject } from './foreign-text.ts'
import { requireUuid } from './identifiers.ts'

/** What a guest collection on Globus Connect Personal is made from. */
export interface NewSharedEndpoint {
  /** The personal collection, which must be the caller's own. */
  readonly host_endpoint: string
  /** The folder there that is its top. */
  readonly host_path: string
  readonly display_name: string
  readonly description?: string
  readonly organization?: string
  /** With commas between them. */
  readonly keywords?: string
  /** Whether everybody finds it; reading is a matter of permissions. */
  readonly public?: boolean
}

/** Guest collections on Globus Connect Personal, for which the SDK has no functions. */
export interface SharedEndpoints {
  /** Makes one and gives its id. Those on Globus Connect Server are made by their manager: `gcsManagerClient`. */
  create(document: NewSharedEndpoint, options?: CallOptions): Promise<{ readonly id: string }>
}

export function sharedEndpoints(connection: Connection): SharedEndpoints {
  return {
    async create(document, options) {
      requireUuid(document.host_endpoint, 'host_endpoint')
      const payload = { DATA_TYPE: 'shared_endpoint', ...document }
      const answer = await callService(connection, (own) => post(own, '/v0.10/shared_endpoint', payload), options)
      if (isJsonObject(answer) && typeof answer['id'] === 'string') return { id: answer['id'] }
      const message = 'The service transfer made a collection and did not say which.'
      throw new GlobusServiceError('globus_answer_invalid', message, { service: 'transfer' })
    },
  }
}

/** A request on the transport that functions of the SDK are given. */
async function post({ fetch: given }: SDKOptions, path: string, payload: object): Promise<unknown> {
  // Only the path is read of the address.
  return given?.options?.__callable?.(new URL(path, 'https://transfer.invalid'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  })
}
