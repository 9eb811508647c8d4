import { PathError, formatPath, parsePath } from '../collections/virtual-path.ts'
import { isDraft } from '../collections/draft-name.ts'
import { describeEntry } from '../collections/entry.ts'
import { openDirectory } from '../collections/tree.ts'
import { respondPage } from '../auth/pages/respond.ts'
import { withSession } from '../auth/web/page-session.ts'
import type { EmulatorContext } from '../context.ts'
import { accountOf, type Account } from '../transfer/account.ts'
import { codeOf } from '../transfer/file-failure.ts'
import { isVisible, rightsOf, type Rights } from '../transfer/rights.ts'
import { missingSession } from '../transfer/session-required.ts'
import type { Collection } from '../world/collections.ts'
import type { BrowserSession } from '../world/sessions.ts'
import { badPicker, readPickerRequest, type PickerRequest } from './picker-request.ts'
import { collectionsPage, confirmPage, folderPage, type PickedEntry } from './picker-pages.ts'

/** `GET /file-manager`: a person picks a collection, folders and files, which then are sent to an app. */
export const showPicker = (browser: Request, context: EmulatorContext): Promise<Response> =>
  withSession(browser, context, (session) => {
    const request = readPickerRequest(new URL(browser.url))
    const account = accountOf(session.account, context)
    if (request.collection === null)
      return respondPage(collectionsPage(request, findCollections(request, account, context)))
    const collection = requireCollection(request.collection, { session, account, context })
    const place = { ...request, path: readFolder(request.path) }
    const entries = list(collection, place.path, { rights: rightsOf(collection, account, context), context })
    if (request.chosen === null) return respondPage(folderPage(place, collection, entries))
    checkLimits(request.chosen, place)
    return respondPage(confirmPage(place, collection, request.chosen), { formTarget: request.action })
  })

const MOST = 100
const MOST_ENTRIES = 1000

function findCollections({ search }: PickerRequest, account: Account, context: EmulatorContext): readonly Collection[] {
  const wanted = search.toLowerCase()
  return context.world.collections
    .all()
    .filter(
      ({ entityType, displayName }) => entityType !== 'GCSv5_endpoint' && displayName.toLowerCase().includes(wanted),
    )
    .filter((one) => isVisible(one, account, context))
    .slice(0, MOST)
}

interface Asker {
  readonly session: BrowserSession
  readonly account: Account
  readonly context: EmulatorContext
}

function requireCollection(id: string, { session, account, context }: Asker): Collection {
  const collection = context.world.collections.find(id.toLowerCase())
  const isThere = collection?.deletedAt === null && collection.folder !== null
  if (!isThere || !isVisible(collection, account, context)) throw badPicker('There is no such collection for you.')
  if (!collection.online) throw badPicker(`${collection.displayName} is not connected.`)
  if (rightsOf(collection, account, context).refused !== null)
    throw badPicker(`${collection.displayName} has no account for any of your identities.`)
  const missing = missingSession(collection, session.authentications, context)
  if (missing !== undefined) throw badPicker(`${missing.message}.`)
  return collection
}

function readFolder(path: string): string {
  try {
    return formatPath(parsePath(path), true)
  } catch (error) {
    throw error instanceof PathError ? badPicker(`${error.message}.`) : error
  }
}

function list(
  collection: Collection,
  path: string,
  { rights, context }: { readonly rights: Rights; readonly context: EmulatorContext },
): readonly PickedEntry[] {
  const [root, folder] = [context.transfer.roots.rootOf(collection), parsePath(path)]
  const isWhole = rights.at(path) !== 'none'
  if (!isWhole && !rights.leadsTo(path)) throw badPicker('No rule allows you to read this folder.')
  let directory
  try {
    directory = openDirectory(root, folder)
    const opened = directory
    return opened
      .names()
      .filter((name) => !isDraft(name))
      .filter((name) => isWhole || rights.leadsTo(`${path}${name}/`) || rights.at(`${path}${name}`) !== 'none')
      .toSorted()
      .slice(0, MOST_ENTRIES)
      .flatMap((name) => describeEntry(opened, name, { root, path: folder }) ?? [])
      .filter(({ type }) => type === 'dir' || type === 'file')
      .map(({ name, type, size }) => ({ name, size, kind: type === 'dir' ? 'folder' : 'file' }))
  } catch (error) {
    if (error instanceof PathError || codeOf(error) !== undefined) throw badPicker('There is no such folder.')
    throw error
  } finally {
    directory?.close()
  }
}

function checkLimits(chosen: readonly string[], { folderLimit, fileLimit }: PickerRequest): void {
  for (const [kind, limit] of [['folder', folderLimit] as const, ['file', fileLimit] as const]) {
    const count = chosen.filter((one) => one.startsWith(`${kind}:`)).length
    if (limit !== null && count > limit)
      throw badPicker(`The app takes ${limit} ${kind}s at most, not ${count}. Go back and choose fewer.`)
  }
}
