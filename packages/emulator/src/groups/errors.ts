import { ApiError } from '../http/error-documents.ts'
import type { ServiceReply } from '../services/service-route.ts'

/** A refusal of Groups: `{code, detail}` and what the code brings along. */
export class GroupsError extends ApiError {
  override readonly name = 'GroupsError'
}

/** One with a code and a sentence, and further members. */
export const groupsError = (
  status: number,
  [code, detail]: readonly [code: string, detail: string],
  extra: Readonly<Record<string, unknown>> = {},
): GroupsError => new GroupsError(status, { code, detail, ...extra }, detail)

export const forbidden = (detail: string): GroupsError => groupsError(403, ['FORBIDDEN', detail])

export const groupNotFound = (): GroupsError => groupsError(404, ['GROUP_NOT_FOUND', 'There is no group with this id'])

export const refuseGroups = (error: unknown): ServiceReply | undefined =>
  error instanceof GroupsError ? { status: error.status, document: error.document } : undefined

export const groupsDefect = (): ServiceReply => ({
  status: 500,
  document: { code: 'INTERNAL_SERVER_ERROR', detail: 'The emulator failed' },
})
