import { isAuthorizationRequirementsError, isGlobusServiceError, isPierheadError } from 'pierhead'
import type { CollectionClient } from 'pierhead/globus'

/** A text beside the data that describes it. */
export type Readme =
  | { readonly state: 'shown'; readonly name: string; readonly text: string }
  /** There is none. */
  | { readonly state: 'none' }
  /** It cannot be looked at without a token that is not there. */
  | { readonly state: 'closed' }
  /** The server did not answer as it should. */
  | { readonly state: 'unknown' }

const names = ['README.md', 'README.txt', 'README'] as const
/** A server of a collection sends whoever has no token to a login, as it would a browser. */
const closed: ReadonlySet<number | undefined> = new Set([302, 401, 403])
/** Bytes. */
const most = 100_000

/** Looks for a README in a folder. What goes wrong on the way is not worth losing the page for. */
export async function findReadme(files: CollectionClient, folder: string): Promise<Readme> {
  try {
    for (const name of names) {
      const text = await readText(files, folder + name)
      if (text !== undefined) return { state: 'shown', name, text }
    }
    return { state: 'none' }
  } catch (error) {
    if (!isPierheadError(error)) throw error
    const isClosed = isGlobusServiceError(error) && closed.has(error.status)
    return { state: isClosed || isAuthorizationRequirementsError(error) ? 'closed' : 'unknown' }
  }
}

async function readText(files: CollectionClient, path: string): Promise<string | undefined> {
  try {
    const { body } = await files.get(path)
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of body) {
      chunks.push(chunk)
      length += chunk.length
      // Leaving the loop cancels the rest.
      if (length >= most) break
    }
    return Buffer.concat(chunks).subarray(0, most).toString('utf8')
  } catch (error) {
    if (isGlobusServiceError(error) && error.status === 404) return undefined
    throw error
  }
}
