import type { SearchEntry } from '../world/search-entries.ts'
import type { SearchCall } from './call.ts'
import { matchedSets } from './find.ts'

/** How entries are written: the older version has their content alone. */
export type Format = '2017-09-01' | '2019-08-27'

/** A subject with entries of it. */
export function resultDocument(
  subject: string,
  entries: readonly SearchEntry[],
  { format, call }: { readonly format: Format; readonly call: SearchCall },
): object {
  const head = { '@datatype': 'GMetaResult', '@version': format, subject }
  if (format === '2017-09-01') return { ...head, content: entries.map(({ content }) => content) }
  return {
    ...head,
    entries: entries.map((entry) => ({
      content: entry.content,
      entry_id: entry.id,
      matched_principal_sets: matchedSets(entry, call),
    })),
  }
}
