import { isAuthorizationRequirementsError, isGlobusServiceError, isPierheadError, type TokenSource } from 'pierhead'
import type { TransferClient } from 'pierhead/globus'
import type { DatasetConfig } from '../config/types.ts'
import type { Globus } from '../globus.ts'

/** What became of a permission that somebody asked for. */
export type Granted =
  | { readonly outcome: 'done' | 'there_already'; readonly rule: string }
  /** Globus said no to the portal. `reason` is its code, or a word of ours. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** It is not known, or could not be tried. */
  | { readonly outcome: 'failed'; readonly reason: string }

/**
 * The one thing that the portal does to data with its own identity: it gives a person a permission to read a dataset that is
 * published with `grant`. Whoever calls this has looked at what the person may have.
 */
export interface Grants {
  read(dataset: Pick<DatasetConfig, 'collection' | 'path'>, identity: string): Promise<Granted>
}

export interface GrantsOptions {
  readonly globus: Globus
  /** Tokens of the portal itself. */
  readonly own: TokenSource
}

export function createGrants({ globus, own }: GrantsOptions): Grants {
  return {
    async read(dataset, identity) {
      try {
        return await addRule(globus.transfer(own), dataset, identity)
      } catch (error) {
        return whyNot(error)
      }
    },
  }
}

async function addRule(
  transfer: TransferClient,
  { collection, path }: Pick<DatasetConfig, 'collection' | 'path'>,
  principal: string,
): Promise<Granted> {
  const rule = { DATA_TYPE: 'access', principal_type: 'identity', principal, path, permissions: 'r' } as const
  try {
    const { access_id: id } = await transfer.access.create(collection, rule)
    return { outcome: 'done', rule: id }
  } catch (error) {
    if (!isGlobusServiceError(error) || error.serviceCode !== 'Exists') throw error
    // Globus says the same when the collection has as many permissions as it may have.
    const { items } = await transfer.access.getAll(collection).collect()
    const known = items.find((one) => one.principal === principal && one.path === path && one.id !== null)
    return known?.id ? { outcome: 'there_already', rule: known.id } : { outcome: 'refused', reason: 'full' }
  }
}

function whyNot(error: unknown): Granted {
  // It is the portal that should log in again, which nobody can do for it.
  if (isAuthorizationRequirementsError(error)) return { outcome: 'refused', reason: error.serviceCode || error.code }
  if (!isPierheadError(error)) throw error
  const { code } = error
  if (!isGlobusServiceError(error)) return { outcome: 'failed', reason: code }
  const isRefused = error.status === 403 || error.status === 404 || error.serviceCode === 'NotSupported'
  return { outcome: isRefused ? 'refused' : 'failed', reason: error.serviceCode || code }
}
