import { decodeName } from '../files/folder-action.ts'
import { parseFolder, type FolderPath } from '../files/path.ts'
import { texts } from '../texts.ts'

/** What somebody wrote into the form that makes a guest collection. */
export interface ShareForm {
  readonly path: FolderPath
  readonly name: string
  readonly description: string
  /** With commas between them. */
  readonly keywords: string
  /** Whether everybody finds it. */
  readonly isListed: boolean
  /** Id of an account on the storage; empty: the one that there is. */
  readonly account: string
}

/** Characters that fields of a guest collection may have, as its manager documents them. */
export const most = { name: 128, description: 4000, keywords: 1000 } as const

/** Reads the form. Undefined: it names no folder. */
export function readShareForm(form: URLSearchParams): ShareForm | undefined {
  const path = parseFolder(decodeName(form.get('path')))
  if (path === undefined) return undefined
  const text = (name: string): string => form.get(name)?.trim() ?? ''
  return {
    path,
    name: text('collection_name'),
    description: text('description').replaceAll('\r\n', '\n'),
    keywords: text('keywords'),
    isListed: form.get('listed') === '1',
    account: text('account'),
  }
}

/** What is wrong with it, in words; undefined: nothing. */
export function wrongWith({ description, keywords, name }: ShareForm): string | undefined {
  const { wrong } = texts.shareFolder
  // oxlint-disable-next-line no-control-regex
  if (name === '' || name.length > most.name || /[\u0000-\u001f\u007f]/.test(name)) return wrong.name
  if (description.length > most.description) return wrong.description
  return keywords.length > most.keywords ? wrong.keywords : undefined
}

export function keywordsOf({ keywords }: Pick<ShareForm, 'keywords'>): string[] {
  return keywords.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]))
}
