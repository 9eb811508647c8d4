import { PageError } from '../auth/authorization-error.ts'

/** What an app asks of the page where a person picks files (https://docs.globus.org/api/helper-pages/browse-collections/). */
export interface PickerRequest {
  /** Where the choice is sent: an address of the app. */
  readonly action: string
  readonly method: 'GET' | 'POST'
  readonly cancelUrl: string | null
  /** How many may be chosen; null is any number. */
  readonly folderLimit: number | null
  readonly fileLimit: number | null
  readonly label: string
  /** Where the person is: nowhere yet, or in a folder of a collection. */
  readonly collection: string | null
  readonly path: string
  /** What to look for among collections. */
  readonly search: string
  /** `folder:NAME` or `file:NAME`; null as long as nothing was decided. */
  readonly chosen: readonly string[] | null
}

/** @throws PageError for an address that is none, and for limits that are no numbers */
export function readPickerRequest({ searchParams: query }: URL): PickerRequest {
  return {
    action: requireWeb(query.get('action') ?? '', 'action'),
    method: query.get('method')?.toUpperCase() === 'GET' ? 'GET' : 'POST',
    cancelUrl: query.has('cancelurl') ? requireWeb(query.get('cancelurl') ?? '', 'cancelurl') : null,
    folderLimit: readLimit(query, 'folderlimit'),
    fileLimit: readLimit(query, 'filelimit'),
    label: query.get('label') ?? '',
    collection: query.get('collection') ?? query.get('origin_id'),
    path: query.get('path') ?? '/',
    search: query.get('search') ?? '',
    chosen: query.has('choose') ? query.getAll('chosen') : null,
  }
}

/** The query that leads to the same page in another state. */
export function pickerQuery(request: PickerRequest): [string, string][] {
  const { folderLimit, fileLimit, cancelUrl, collection } = request
  return [
    ['action', request.action],
    ['method', request.method],
    ...optional('cancelurl', cancelUrl),
    ...optional('folderlimit', folderLimit),
    ...optional('filelimit', fileLimit),
    ['label', request.label],
    ...optional('collection', collection),
    ['path', request.path],
  ]
}

const optional = (name: string, value: string | number | null): [string, string][] =>
  value === null ? [] : [[name, String(value)]]

function readLimit(query: URLSearchParams, name: string): number | null {
  const text = query.get(name)
  if (text === null || text === '') return null
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw badPicker(`${name} must be a number.`)
}

// A script in the address of a form would run as this page.
function requireWeb(text: string, name: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw badPicker(`${name} must be an address of your app, by http or https.`)
}

export const badPicker = (sentence: string): PageError =>
  new PageError({ title: 'Choose files', sentence, code: 'BAD_PICKER_REQUEST', status: 400 })
