import type { TransferSubmission } from 'pierhead/globus'
import { parseFolder, type FolderPath } from '../files/path.ts'
import { isUuid } from '../files/place.ts'
import { readCopyForm, type CopyRequest } from './copy-form.ts'

/** What is copied of files that are there already, and Transfer's number for it; `always`: everything. */
export const syncLevels = { always: undefined, missing: 0, size: 1, newer: 2, checksum: 3 } as const
export type SyncLevel = keyof typeof syncLevels

/** How somebody wants to copy. */
export interface CopyOptions {
  readonly label: string
  readonly sync: SyncLevel
  readonly verify: boolean
  /** Whether the data is encrypted on its way, also where no collection asks for it. */
  readonly encrypt: boolean
  /** Whether files keep the times of the source. */
  readonly preserve: boolean
  /** Names that are left out, with `*` and `?`. */
  readonly exclude: readonly string[]
}

export const usualOptions: CopyOptions = {
  label: '',
  sync: 'always',
  verify: true,
  encrypt: false,
  preserve: false,
  exclude: [],
}

/** A whole request to copy. */
export interface CopyOrder extends CopyRequest {
  readonly destination: string
  readonly destinationPath: FolderPath
  readonly options: CopyOptions
  readonly submissionId: string
}

const longestLabel = 128
const mostPatterns = 20

/** Reads the form of the page that asks how. Undefined: it is not whole. */
export function readOrder(form: URLSearchParams): CopyOrder | undefined {
  const copy = readCopyForm(form)
  const submissionId = form.get('submission_id') ?? undefined
  // Written by hand: no encoding, and forgiving.
  const destinationPath = parseFolder(withSlashes(form.get('destination_folder') ?? ''))
  if (copy?.destination === undefined || copy.names.length === 0) return undefined
  if (destinationPath === undefined || !isUuid(submissionId)) return undefined
  return { ...copy, destination: copy.destination, destinationPath, submissionId, options: readOptions(form) }
}

export function readOptions(form: URLSearchParams): CopyOptions {
  // Not sent before the page that asks: then as usual.
  if (!form.has('sync')) return usualOptions
  const sync = form.get('sync') ?? ''
  return {
    label: (form.get('label') ?? '').trim().slice(0, longestLabel),
    sync: isSyncLevel(sync) ? sync : 'always',
    verify: form.get('verify') === '1',
    encrypt: form.get('encrypt') === '1',
    preserve: form.get('preserve') === '1',
    exclude: (form.get('exclude') ?? '')
      .split(/[\s,]+/)
      .filter(Boolean)
      .slice(0, mostPatterns),
  }
}

/** The document that Transfer takes. Folders are found out by Transfer itself. */
export function submissionOf({
  source,
  sourcePath,
  names,
  destination,
  destinationPath,
  options,
  submissionId,
}: CopyOrder): TransferSubmission {
  const level = syncLevels[options.sync]
  return {
    submission_id: submissionId,
    source_endpoint: source,
    destination_endpoint: destination,
    ...(options.label === '' ? {} : { label: options.label }),
    ...(level === undefined ? {} : { sync_level: level }),
    verify_checksum: options.verify,
    encrypt_data: options.encrypt,
    preserve_timestamp: options.preserve,
    // So that the page of the task leads to the folders.
    store_base_path_info: true,
    // The portal tells of the end by itself.
    notify_on_succeeded: false,
    ...(options.exclude.length === 0
      ? {}
      : { filter_rules: options.exclude.map((name) => ({ DATA_TYPE: 'filter_rule', method: 'exclude', name })) }),
    DATA: names.map((name) => ({
      DATA_TYPE: 'transfer_item' as const,
      source_path: sourcePath + name,
      destination_path: destinationPath + name,
    })),
  }
}

function withSlashes(text: string): string {
  const path = text.trim().replace(/^(?=[^/])/, '/')
  return path.endsWith('/') ? path : `${path}/`
}

function isSyncLevel(text: string): text is SyncLevel {
  return Object.hasOwn(syncLevels, text)
}
