import { isAuthorizationRequirementsError, isGlobusServiceError, isPierheadError, type LoginSession } from 'pierhead'
import type { CollectionView } from '../collections/collection-view.ts'
import type { DatasetConfig } from '../config/types.ts'
import type { PortalContext } from '../context.ts'
import { httpsAccess } from '../files/https-access.ts'
import { pathIn } from './dataset-path.ts'
import { listDataset, type Listing } from './list-dataset.ts'
import { findReadme, type Readme } from './readme.ts'
import type { TreeSize } from './walk-tree.ts'

/** What Globus says of a dataset, as far as this visitor may know it. */
export interface DatasetContent {
  /** Undefined: the visitor may not see it. */
  readonly collection: CollectionView | undefined
  readonly listing: Listing
  readonly readme: Readme
  /** Of the whole dataset. Undefined: nobody said, and it could not be counted. */
  readonly size: DatasetSize | undefined
  /** Whether its server sends files to anybody. */
  readonly isOpen: boolean
}

/** Counted, or stated: then one of the numbers may be missing. */
export interface DatasetSize {
  readonly files: number | undefined
  readonly bytes: number | undefined
  readonly state: TreeSize['state']
}

/** Whether the person may have a permission that Globus does not know of yet. */
export function offersAccess(
  { grant }: Pick<DatasetConfig, 'grant'>,
  { collection, listing: { state } }: Pick<DatasetContent, 'collection' | 'listing'>,
): boolean {
  // A collection that the person may not know of looks like one that is not there.
  return grant !== undefined && (state === 'refused' || (state === 'missing' && collection === undefined))
}

interface Asked {
  readonly dataset: DatasetConfig
  /** Below the dataset's own. */
  readonly folder: string
  readonly session: LoginSession | undefined
}

export async function loadDataset(
  context: PortalContext,
  { dataset, folder, session }: Asked,
): Promise<DatasetContent> {
  const { globus } = context
  const size = sizeOf(context, dataset, session)
  const listing =
    session === undefined
      ? Promise.resolve<Listing>({ state: 'login' })
      : listDataset(globus.transfer(session), dataset.collection, pathIn(dataset, folder))
  const collection = await findCollection(context, dataset.collection, session)
  const [readme, files] = await Promise.all([loadReadme(context, { dataset, collection, session }), listing])
  return {
    collection,
    listing: files,
    size: files.state === 'shown' || isStated(dataset) ? await size : undefined,
    ...readme,
  }
}

const isStated = ({ files, size }: DatasetConfig): boolean => files !== undefined || size !== undefined

/** What those who publish it say counts; else it is counted. */
async function sizeOf(
  { treeSizes }: PortalContext,
  dataset: DatasetConfig,
  session: LoginSession | undefined,
): Promise<DatasetSize | undefined> {
  const { collection, files, path, size: bytes } = dataset
  if (isStated(dataset)) return { files, bytes, state: 'whole' }
  return session === undefined ? undefined : treeSizes.of(session, collection, path)
}

async function findCollection(
  { collections, published }: PortalContext,
  id: string,
  session: LoginSession | undefined,
): Promise<CollectionView | undefined> {
  if (session === undefined) return published.collection(id)
  try {
    return await collections.get(session, id)
  } catch (error) {
    const isGivenBack = isPierheadError(error) && error.code === 'token_missing'
    if (isGlobusServiceError(error) || isAuthorizationRequirementsError(error) || isGivenBack) return undefined
    throw error
  }
}

/** What anybody may read comes without a token. Only for the rest is the person's own used, where there is one. */
async function loadReadme(
  { globus, published }: PortalContext,
  { collection, dataset, session }: Omit<Asked, 'folder'> & { readonly collection: CollectionView | undefined },
): Promise<Pick<DatasetContent, 'readme' | 'isOpen'>> {
  if (collection === undefined || collection.https_server === null) return { readme: { state: 'none' }, isOpen: false }
  const open = await published.readme(dataset, collection)
  if (open.state !== 'closed') return { readme: open, isOpen: open.state !== 'unknown' }
  if (session === undefined || httpsAccess(session, collection) !== 'enabled') return { readme: open, isOpen: false }
  return { readme: await findReadme(globus.files(session, collection), dataset.path), isOpen: false }
}
