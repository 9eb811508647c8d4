import { GlobusServiceError } from '../../errors.ts'
import { isJsonObject, itemsOf, type JsonObject } from './foreign-text.ts'

/** A collection as its manager describes it; the answer has more. Older managers leave keys out. */
export interface ManagedCollection {
  readonly id: string
  readonly collection_type: 'mapped' | 'guest'
  readonly display_name: string
  /** Where a guest collection begins, as a path of its mapped collection. */
  readonly collection_base_path?: string
  /** Of a guest collection. */
  readonly mapped_collection_id?: string | null
  readonly identity_id?: string | null
  readonly user_credential_id?: string | null
  readonly storage_gateway_id?: string
  /** Whether guest collections may be made on this one. */
  readonly allow_guest_collections?: boolean
  readonly high_assurance?: boolean
  readonly public?: boolean
  readonly description?: string | null
  readonly keywords?: readonly string[]
  readonly https_url?: string | null
}

/** What a guest collection is made from. */
export interface NewGuestCollection {
  readonly mapped_collection_id: string
  /** The account on the storage that it reads and writes with. Must belong to `identity_id`. */
  readonly user_credential_id: string
  /** The folder of the mapped collection that is its top. */
  readonly collection_base_path: string
  readonly display_name: string
  /** Its owner: one of the caller's identities. Default: the one of the token. */
  readonly identity_id?: string
  /** Whether everybody finds it; reading is a matter of permissions. */
  readonly public?: boolean
  readonly description?: string
  readonly keywords?: readonly string[]
  readonly organization?: string
  readonly enable_https?: boolean
}

/** What can be changed of a guest collection. */
export type GuestCollectionChanges = Partial<
  Pick<NewGuestCollection, 'display_name' | 'public' | 'description' | 'keywords' | 'organization' | 'enable_https'>
>

/** Somebody's account on a storage gateway. */
export interface UserCredential {
  readonly id: string
  readonly identity_id: string
  readonly storage_gateway_id: string
  readonly username?: string
  readonly display_name?: string | null
  /** It cannot be used as it is. */
  readonly invalid?: boolean
  readonly deleted?: boolean
}

/** The first document of this kind in the envelope that a manager sends: `data` holds several. */
export function documentIn(answer: unknown, kind: string): JsonObject {
  const data = itemsOf(isJsonObject(answer) ? answer['data'] : undefined, 100).filter(isJsonObject)
  const found = data.find(({ DATA_TYPE: type }) => typeof type === 'string' && type.startsWith(`${kind}#`))
  if (found !== undefined) return found
  throw new GlobusServiceError('globus_answer_invalid', `The service gcs sent no document ${kind}.`, { service: 'gcs' })
}

export function collectionIn(answer: unknown): ManagedCollection {
  // As managers document the kind.
  return documentIn(answer, 'collection') as unknown as ManagedCollection
}
