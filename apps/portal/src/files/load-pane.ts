import { isAuthorizationRequirementsError, isGlobusServiceError, type LoginSession } from 'pierhead'
import type { TransferClient } from 'pierhead/globus'
import type { CollectionView } from '../collections/collection-view.ts'
import { searchCollections } from '../collections/search-collections.ts'
import type { Collections } from './collection-cache.ts'
import { failure, fileFailure, type FileFailure } from './failure.ts'
import { httpsAccess, type HttpsAccess } from './https-access.ts'
import type { RefusedWrites } from './refused-writes.ts'
import { lacksIdentity } from './identities.ts'
import { listFolder, type Listing } from './list-folder.ts'
import { isPane, type Other, type Pane, type Place } from './place.ts'

/** A pane as the page shows it: a folder, or why there is none. */
export interface LoadedPane {
  readonly pane: Pane
  /** Undefined: the person may not even know of it. */
  readonly collection: CollectionView | undefined
  readonly access: HttpsAccess
  readonly content: Listing | { readonly failure: FileFailure }
  /** Globus did not let the person write into this folder a moment ago. */
  readonly isReadOnly: boolean
}

export interface PaneLoader {
  readonly collections: Collections
  readonly session: LoginSession
  readonly transfer: TransferClient
  readonly refusedWrites: RefusedWrites
}

/** Collections to choose one from. */
export interface Choice {
  readonly find: string
  readonly collections: readonly CollectionView[]
}

/**
 * Reads a folder and its collection as the person. What the person can mend by a login or a consent is thrown, so that it
 * leads through Globus and back; who has no identity that would do is told so first.
 */
export async function loadPane(loader: PaneLoader, pane: Pane): Promise<LoadedPane> {
  const { collections, refusedWrites, session, transfer } = loader
  const [collection, content] = await Promise.all([
    orFailure(() => collections.get(session, pane.id)),
    orFailure(() => orIdentity(session, pane, () => listFolder(transfer, pane))),
  ])
  if ('failure' in collection)
    return { pane, collection: undefined, access: 'none', content: collection, isReadOnly: false }
  const isReadOnly =
    !('failure' in content) && refusedWrites.has({ session, collectionId: pane.id, path: content.path })
  return { pane, collection, access: httpsAccess(session, collection), content, isReadOnly }
}

/** The left side: a folder, or a choice of collections in its place. */
export function loadLeft(loader: PaneLoader, { instead, left }: Place): Promise<LoadedPane | Choice> {
  return instead === undefined ? loadPane(loader, left) : loadChoice(loader.transfer, instead.choose)
}

/** The right side: a folder, a choice of collections, or nothing. */
export async function loadOther(loader: PaneLoader, other: Other): Promise<LoadedPane | Choice | undefined> {
  if (other === undefined) return undefined
  return isPane(other) ? loadPane(loader, other) : loadChoice(loader.transfer, other.choose)
}

/** Collections shown to choose from. */
const mostChoices = 30

async function loadChoice(transfer: TransferClient, find: string): Promise<Choice> {
  if (find !== '') {
    const { collections } = await searchCollections(transfer, 'all', find)
    return { find, collections: collections.slice(0, mostChoices) }
  }
  const [recent, mine] = await Promise.all([
    searchCollections(transfer, 'recent', ''),
    searchCollections(transfer, 'mine', ''),
  ])
  const all = new Map([...recent.collections, ...mine.collections].map((one) => [one.id, one]))
  return { find, collections: [...all.values()].slice(0, mostChoices) }
}

async function orIdentity<T>(
  session: LoginSession,
  pane: Pane,
  work: () => Promise<T>,
): Promise<T | { readonly failure: FileFailure }> {
  try {
    return await work()
  } catch (error) {
    const isHopeless = !pane.proceed && isAuthorizationRequirementsError(error) && lacksIdentity(session.claims, error)
    if (!isHopeless) throw error
    return { failure: failure('other-identity', 403, error.sessionMessage) }
  }
}

async function orFailure<T>(work: () => Promise<T>): Promise<T | { readonly failure: FileFailure }> {
  try {
    return await work()
  } catch (error) {
    if (!isGlobusServiceError(error) || error.code === 'globus_token_refused') throw error
    return { failure: fileFailure(error, 'folder') }
  }
}
