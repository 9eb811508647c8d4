import * as z from 'zod'
import type { ServiceReply } from '../services/service-route.ts'
import { readDocument, requireRole, WRITERS, type SearchCall } from './call.ts'
import { requireSubject } from './query-parameters.ts'
import { deleteRequest } from './request.ts'
import { submit } from './submit.ts'

const principal = z
  .string()
  .regex(
    /^(public|all_authenticated_users|urn:globus:(auth:identity|groups:id):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i,
    'must be public, all_authenticated_users or the URN of an identity or a group',
  )
  .transform((text) => text.toLowerCase())

/** One aspect of a subject: https://docs.globus.org/api/search/reference/ingest/#gmetaentry */
export interface MetaEntry {
  readonly subject: string
  readonly id?: string | null | undefined
  readonly visible_to: readonly string[]
  readonly principal_sets?: Readonly<Record<string, readonly string[]>> | null | undefined
  readonly content: Readonly<Record<string, unknown>>
}

export const metaEntry: z.ZodType<MetaEntry> = z.object({
  subject: z.string().min(1).max(10_000),
  id: z.string().min(1).max(10_000).nullish(),
  visible_to: z.array(principal).min(1),
  principal_sets: z.record(z.string(), z.array(principal)).nullish(),
  content: z.record(z.string(), z.unknown()),
})

const field_mapping = z.record(z.string(), z.enum(['geo_point', 'geo_shape'])).optional()

const document = z.discriminatedUnion('ingest_type', [
  z.object({ ingest_type: z.literal('GMetaEntry'), field_mapping, ingest_data: metaEntry }),
  z.object({
    ingest_type: z.literal('GMetaList'),
    field_mapping,
    ingest_data: z.object({ gmeta: z.array(metaEntry) }),
  }),
])

/** `POST /v1/index/ID/ingest` */
export async function ingest(call: SearchCall): Promise<ServiceReply> {
  const given = await readDocument(call, document)
  const index = requireRole(call, WRITERS)
  const entries = given.ingest_type === 'GMetaEntry' ? [given.ingest_data] : given.ingest_data.gmeta
  return submit({ index, type: 'INGEST', work: { entries } }, call)
}

/** `POST` and `PUT /v1/index/ID/entry` */
export async function putEntry(call: SearchCall): Promise<ServiceReply> {
  const entry = await readDocument(call, metaEntry)
  const index = requireRole(call, WRITERS)
  return submit({ index, type: 'INGEST', work: { entries: [entry] } }, call)
}

/** `POST /v1/index/ID/delete_by_query`: everything that the query means, whoever may see it. */
export async function deleteByQuery(call: SearchCall): Promise<ServiceReply> {
  const query = await readDocument(call, deleteRequest)
  const index = requireRole(call, WRITERS)
  return submit({ index, type: 'DELETE_BY_QUERY', work: { query } }, call)
}

/** `POST /v1/index/ID/batch_delete_by_subject` */
export async function deleteSubjects(call: SearchCall): Promise<ServiceReply> {
  const { subjects } = await readDocument(call, z.object({ subjects: z.array(z.string()) }))
  const index = requireRole(call, WRITERS)
  return submit({ index, type: 'BATCH_DELETE_BY_SUBJECT', work: { subjects } }, call)
}

/** `DELETE /v1/index/ID/subject` */
export function deleteSubject(call: SearchCall): ServiceReply {
  const index = requireRole(call, WRITERS)
  return submit({ index, type: 'DELETE_SUBJECT', work: { subjects: [requireSubject(call.query)] } }, call)
}

/** `DELETE /v1/index/ID/entry` */
export function deleteEntry(call: SearchCall): ServiceReply {
  const index = requireRole(call, WRITERS)
  const entry = { subject: requireSubject(call.query), id: call.query.get('entry_id') }
  return submit({ index, type: 'DELETE_ENTRY', work: { entry } }, call)
}
