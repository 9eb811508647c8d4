import { isAuthorizationRequirementsError, isGlobusServiceError, isPierheadError } from 'pierhead'
import type { TransferClient } from 'pierhead/globus'

export interface DatasetEntry {
  readonly name: string
  readonly isFolder: boolean
  /** Bytes; undefined where Globus did not say. */
  readonly size: number | undefined
  /** Epoch milliseconds. */
  readonly modifiedAt: number | undefined
}

/** What is known of a folder's files, or why nothing is. */
export type Listing =
  | { readonly state: 'shown'; readonly entries: readonly DatasetEntry[]; readonly more: boolean }
  /** The person is not logged in. */
  | { readonly state: 'login' }
  /** Globus wants a consent or another login first. */
  | { readonly state: 'allow' }
  | { readonly state: 'refused' }
  | { readonly state: 'missing' }
  | { readonly state: 'unavailable'; readonly reason: string }

/** More belong on the page for files. */
const most = 500

/** Lists a folder with the person's own rights. Never throws for what Globus answers: the rest of the page stands without it. */
export async function listDataset(transfer: TransferClient, collection: string, path: string): Promise<Listing> {
  try {
    const { items } = await transfer.fileOperations.ls(collection, { path, show_hidden: 'false' }).collect()
    const entries = items.map(({ name, type, size, last_modified: modified }): DatasetEntry => ({
      name,
      isFolder: type === 'dir',
      size: type === 'dir' ? undefined : size,
      modifiedAt: timeOf(modified),
    }))
    const sorted = entries.toSorted(
      (left, right) => Number(right.isFolder) - Number(left.isFolder) || compare(left, right),
    )
    return { state: 'shown', entries: sorted.slice(0, most), more: sorted.length > most }
  } catch (error) {
    return failure(error)
  }
}

const order = new Intl.Collator('en', { numeric: true })

function compare(left: DatasetEntry, right: DatasetEntry): number {
  return order.compare(left.name, right.name)
}

function failure(error: unknown): Listing {
  const isGivenBack = isPierheadError(error) && error.code === 'token_missing'
  if (isAuthorizationRequirementsError(error) || isGivenBack) return { state: 'allow' }
  if (!isGlobusServiceError(error)) throw error
  const { serviceCode, status } = error
  if (/PermissionDenied/.test(serviceCode) || status === 403) return { state: 'refused' }
  if (/NotFound|NotDirectory|EndpointDeleted/.test(serviceCode) || status === 404) return { state: 'missing' }
  return { state: 'unavailable', reason: serviceCode || error.code }
}

/** Transfer writes a blank between date and time. */
function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse((text ?? '').replace(' ', 'T'))
  return Number.isNaN(time) ? undefined : time
}
