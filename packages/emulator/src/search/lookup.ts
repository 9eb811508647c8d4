import { ok, type ServiceReply } from '../services/service-route.ts'
import type { SearchEntry } from '../world/search-entries.ts'
import { ADMINS, refuseWithout, requireIndex, type SearchCall } from './call.ts'
import { notFound } from './errors.ts'
import { isVisible } from './find.ts'
import { readTruth, requireSubject } from './query-parameters.ts'
import { resultDocument } from './results.ts'

/** `GET /v1/index/ID/subject`: what the caller may see of it. */
export function getSubject(call: SearchCall): ServiceReply {
  const { subject, entries } = visibleOf(call)
  if (entries.length === 0) throw notFound('There is no such subject')
  return ok(resultDocument(subject, entries, { format: formatOf(call), call }))
}

/** `GET /v1/index/ID/entry` */
export function getEntry(call: SearchCall): ServiceReply {
  const { subject, entries } = visibleOf(call)
  const id = call.query.get('entry_id')
  const found = entries.filter((entry) => entry.id === id)
  if (found.length === 0) throw notFound('There is no such entry')
  return ok(resultDocument(subject, found, { format: formatOf(call), call }))
}

function visibleOf(call: SearchCall): { subject: string; entries: readonly SearchEntry[] } {
  const index = requireIndex(call)
  const subject = requireSubject(call.query)
  const bypass = readTruth(call.query, 'bypass_visible_to') === true
  if (bypass) refuseWithout(ADMINS, index.id, call)
  const all = call.context.world.searchEntries.ofSubject(index.id, subject)
  return { subject, entries: all.filter((entry) => bypass || isVisible(entry, call)) }
}

const formatOf = ({ query }: SearchCall): '2017-09-01' | '2019-08-27' =>
  query.get('result_format_version') === '2017-09-01' ? '2017-09-01' : '2019-08-27'
