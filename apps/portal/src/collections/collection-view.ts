import type { Collection } from 'pierhead/globus'

export type CollectionKind = 'mapped' | 'guest' | 'personal'

/** A collection as pages show it. Texts are its owner's. */
export interface CollectionView extends Collection {
  readonly name: string
  readonly kind: CollectionKind
  readonly owner: string
  readonly organization: string
  readonly description: string
  readonly highAssurance: boolean
  /** False only where Globus knows that it is not connected. */
  readonly online: boolean
  /** Whether the person must allow access to it once before Transfer may look inside. */
  readonly needsConsent: boolean
  /** Whether guest collections may be made of its folders, as far as Transfer knows: its manager may still refuse. */
  readonly canHost: boolean
  /** Where it opens; undefined when its owner named no folder. */
  readonly defaultDirectory: string | undefined
}

/** What is read of Transfer's endpoint document. Older documents leave keys out. */
export interface EndpointDocument {
  readonly id: string
  readonly display_name?: string | null
  readonly canonical_name?: string | null
  readonly entity_type?: string | null
  readonly owner_string?: string | null
  readonly organization?: string | null
  readonly description?: string | null
  readonly high_assurance?: boolean | null
  readonly https_server?: string | null
  readonly gcp_connected?: boolean | null
  readonly default_directory?: string | null
  readonly non_functional?: boolean | null
  readonly my_effective_roles?: readonly string[] | null
}

export function collectionView(document: EndpointDocument): CollectionView {
  const { id, entity_type: type } = document
  const kind = kindOf(type ?? '')
  const highAssurance = document.high_assurance === true
  return {
    id,
    name: document.display_name || document.canonical_name || id,
    kind,
    owner: document.owner_string ?? '',
    organization: document.organization ?? '',
    description: document.description ?? '',
    highAssurance,
    online: document.gcp_connected !== false,
    needsConsent: type === 'GCSv5_mapped_collection' && !highAssurance,
    canHost: type === 'GCSv5_mapped_collection' || isOwnComputer(document),
    defaultDirectory: document.default_directory ?? undefined,
    https_server: document.https_server ?? null,
  }
}

/** Only who owns a personal collection may share from it. */
function isOwnComputer({ entity_type: type, my_effective_roles: roles }: EndpointDocument): boolean {
  return type === 'GCP_mapped_collection' && roles?.includes('administrator') === true
}

function kindOf(entityType: string): CollectionKind {
  if (entityType.startsWith('GCP_mapped')) return 'personal'
  return /guest|share/.test(entityType) ? 'guest' : 'mapped'
}
