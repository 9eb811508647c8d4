import type { LoginSession } from 'pierhead'
import type { TransferClient, UserCredential } from 'pierhead/globus'
import { parseFolder, type FolderPath } from '../files/path.ts'
import type { Globus } from '../globus.ts'
import type { Host } from './host.ts'
import { keywordsOf, type ShareForm } from './share-form.ts'

/** A guest collection that there is now. */
export type Made =
  | { readonly state: 'made' | 'made-before'; readonly id: string }
  /** Another one of the person has the name. */
  | { readonly state: 'taken'; readonly id: string }

interface Wanted {
  readonly host: Host
  readonly form: ShareForm
  /** On the storage of a server. */
  readonly account: UserCredential | undefined
  readonly session: LoginSession
}

/** Makes a guest collection of a folder with the person's own token. One that they made of it before, by that name, will do. */
export async function makeCollection(globus: Globus, { account, form, host, session }: Wanted): Promise<Made> {
  const transfer = globus.transfer(session)
  const existing = await findOwn(transfer, host, form)
  if (existing !== undefined) return { state: existing.path === form.path ? 'made-before' : 'taken', id: existing.id }
  const common = { display_name: form.name, public: form.isListed }
  const description = form.description === '' ? {} : { description: form.description }
  const { id: mapped } = host.collection
  if (host.kind === 'personal' || account === undefined) {
    const keywords = form.keywords === '' ? {} : { keywords: keywordsOf(form).join(', ') }
    const place = { host_endpoint: mapped, host_path: form.path }
    const { id } = await transfer.sharedEndpoint.create({ ...common, ...description, ...keywords, ...place })
    return { state: 'made', id }
  }
  const { id } = await host.manager.collections.create({
    ...common,
    ...description,
    ...(form.keywords === '' ? {} : { keywords: keywordsOf(form) }),
    mapped_collection_id: mapped,
    user_credential_id: account.id,
    identity_id: account.identity_id,
    collection_base_path: form.path,
  })
  return { state: 'made', id }
}

interface Own {
  readonly id: string
  readonly path: FolderPath | undefined
}

/** A guest collection of the person on this host, by its name. Where one has the folder too, that one. */
async function findOwn(transfer: TransferClient, host: Host, { name, path }: ShareForm): Promise<Own | undefined> {
  const found: Own[] = []
  if (host.kind === 'server') {
    const query = { filter: 'guest_collections,created_by_me', mapped_collection_id: host.collection.id }
    for await (const one of host.manager.collections.getAll(query))
      if (one.display_name === name && one.mapped_collection_id === host.collection.id)
        found.push({ id: one.id, path: parseFolder(one.collection_base_path) })
  } else {
    const query = { filter_scope: 'my-endpoints', filter_host_endpoint: host.collection.id } as const
    for await (const one of transfer.endpointSearch(query))
      if (one.display_name === name && one.host_endpoint_id === host.collection.id)
        found.push({ id: one.id, path: parseFolder(one.host_path ?? undefined) })
  }
  return found.find((one) => one.path === path) ?? found[0]
}
