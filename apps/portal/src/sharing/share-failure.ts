import type { GlobusServiceError } from 'pierhead'
import { failure, fileFailure, type FileFailure } from '../files/failure.ts'
import { texts } from '../texts.ts'

type Reason = keyof typeof texts.shareFolder.failures

/** Why a folder cannot be shared, in words for the person. */
export function shareFailure(reason: Reason, status: FileFailure['status'], detail?: string): FileFailure {
  const { advice, title } = texts.shareFolder.failures[reason]
  return { status, code: reason.replaceAll('-', '_'), title, advice, detail }
}

/** By the kind of details that a manager sends with its refusal. */
const reasons: Readonly<Record<string, Reason>> = {
  credential_not_found: 'no-account',
  invalid_credential: 'no-account',
  invalid_user: 'no-account',
  subscription_required: 'no-subscription',
}

/** The failure that an answer of a manager, or of Transfer for personal collections, stands for. */
export function refusalOf(error: GlobusServiceError): FileFailure {
  const { code, serviceDetail, serviceMessage, status } = error
  const detail = serviceMessage.split('\n', 1)[0] || undefined
  if (code === 'collection_refused') return shareFailure('not-trusted', 502)
  const reason = reasons[serviceDetail ?? '']
  if (reason !== undefined) return shareFailure(reason, 403, detail)
  if (status === 403) return shareFailure('share-denied', 403, detail)
  return status === 404 ? failure('no-folder', 404) : fileFailure(error, 'folder')
}
