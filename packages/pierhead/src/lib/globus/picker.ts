import { HOSTS } from '@globus/sdk/apps/web'
import { environment } from './services.ts'

/** What Globus's page for choosing files is to offer. */
export interface PickerOptions {
  /** Where the person comes back to with the selection: an address of the application. */
  readonly action: string
  /** How the selection arrives: as a form in the body, or as a query. Default `POST`. */
  readonly method?: 'GET' | 'POST'
  /** Where "Cancel" leads. */
  readonly cancelUrl?: string
  /** How many folders may be chosen. 0: none. Default: any. */
  readonly folderLimit?: number
  /** How many files may be chosen. 0: none. Default: any. */
  readonly fileLimit?: number
  /** What the field "Label this transfer" says. */
  readonly label?: string
}

/**
 * The page of the Globus web app where a person picks a collection, folders and files. A `POST` comes from another site,
 * so that cookies with `SameSite=Lax` are not with it, and it carries no CSRF token: with a session, choose `GET`.
 * See <https://docs.globus.org/api/helper-pages/browse-collections/>.
 *
 * @throws TypeError when an address is not http or https, or a limit no count
 */
export function pickerUrl(options: PickerOptions): string {
  const url = new URL('/helpers/browse-collections', `https://${HOSTS[environment()]}`)
  const { action, cancelUrl, folderLimit, fileLimit, method, label } = options
  url.searchParams.set('action', requireWeb(action, 'action'))
  if (cancelUrl !== undefined) url.searchParams.set('cancelurl', requireWeb(cancelUrl, 'cancelUrl'))
  if (folderLimit !== undefined) url.searchParams.set('folderlimit', requireCount(folderLimit, 'folderLimit'))
  if (fileLimit !== undefined) url.searchParams.set('filelimit', requireCount(fileLimit, 'fileLimit'))
  if (method !== undefined) url.searchParams.set('method', method)
  if (label !== undefined) url.searchParams.set('label', label)
  return url.href
}

function requireWeb(text: string, name: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw new TypeError(`${name} must be an absolute http or https address.`)
}

function requireCount(count: number, name: string): string {
  if (Number.isSafeInteger(count) && count >= 0) return String(count)
  throw new TypeError(`${name} must be a whole number from 0.`)
}
