import * as z from 'zod'
import type { Collection } from '../world/collections.ts'
import type { NewSubtask } from '../world/subtasks.ts'
import { basePath } from './base-path.ts'
import { readBody, type Call, type Reply } from './call.ts'
import { badRequest, TransferError } from './errors.ts'
import { accept, commonFields, findDuplicate, optionalFlag, requireForTask, requireLogins } from './submission.ts'
import { algorithmNamed } from './task-engine/sync-level.ts'

const path = z.string().min(1)

const item = z.discriminatedUnion('DATA_TYPE', [
  z.looseObject({
    DATA_TYPE: z.literal('transfer_item'),
    source_path: path,
    destination_path: path,
    recursive: z.boolean().nullish(),
    external_checksum: z.string().nullish(),
    checksum_algorithm: z.string().nullish(),
  }),
  z.looseObject({ DATA_TYPE: z.literal('transfer_symlink_item'), source_path: path, destination_path: path }),
])

const syncLevels = { exists: 0, size: 1, mtime: 2, checksum: 3 } as const

const body = z.looseObject({
  ...commonFields,
  DATA_TYPE: z.literal('transfer').optional(),
  source_endpoint: z.guid(),
  destination_endpoint: z.guid(),
  DATA: z.array(item).max(1_000_000),
  sync_level: z
    .union([
      z.int().min(0).max(3),
      z.enum(['exists', 'size', 'mtime', 'checksum']).transform((name) => syncLevels[name]),
    ])
    .nullish(),
  verify_checksum: optionalFlag,
  preserve_timestamp: optionalFlag,
  encrypt_data: optionalFlag,
  delete_destination_extra: optionalFlag,
  recursive_symlinks: z.enum(['ignore', 'keep', 'copy']).nullish(),
  skip_source_errors: optionalFlag,
  fail_on_quota_errors: optionalFlag,
  filter_rules: z
    .array(
      z.looseObject({
        DATA_TYPE: z.literal('filter_rule').optional(),
        method: z.enum(['include', 'exclude']),
        type: z.enum(['file', 'dir']).nullish(),
        name: z.string().min(1),
      }),
    )
    .nullish(),
})

type Document = z.infer<typeof body>
type Item = z.infer<typeof item>

/** `POST /v0.10/transfer` */
export async function submitTransfer(call: Call): Promise<Reply> {
  const document = await readBody(call, body)
  const duplicate = findDuplicate(document.submission_id, withoutId(document), call)
  if (duplicate !== undefined) return duplicate
  if (document.DATA.length === 0)
    throw new TransferError(400, 'ClientError.BadRequest.NoTransferItems', 'A transfer requires at least one item')
  refuseContradictions(document)
  const source = requireForTask(document.source_endpoint, call)
  const destination = requireForTask(document.destination_endpoint, call)
  requireLogins(source.id === destination.id ? [source] : [source, destination], call)
  const request = taskRequest(document, source, destination)
  const items = document.DATA.map(toSubtask)
  return accept({ document, type: 'TRANSFER', source, destination, request, items }, withoutId(document), call)
}

function withoutId(document: Document): object {
  const { submission_id, ...rest } = document
  return submission_id === '' ? document : rest
}

function refuseContradictions(document: Document): void {
  const { DATA, delete_destination_extra: deletes } = document
  if (deletes && DATA.some((one) => one.DATA_TYPE === 'transfer_item' && one.recursive === false))
    throw badRequest('delete_destination_extra needs recursive items')
  for (const one of DATA) {
    if (one.DATA_TYPE !== 'transfer_item') continue
    const { external_checksum: checksum, checksum_algorithm: algorithm } = one
    if (checksum && one.recursive === true) throw badRequest('external_checksum needs an item that is a file')
    if (algorithm && algorithmNamed(algorithm) === undefined)
      throw badRequest(`Unknown checksum_algorithm '${algorithm}'`)
  }
}

function taskRequest(document: Document, source: Collection, destination: Collection) {
  const collections = [source, destination]
  const forced = collections.some(({ forceVerify }) => forceVerify)
  if (forced && collections.some(({ disableVerify }) => disableVerify))
    throw badRequest('One collection forces verification and the other disables it')
  const rules = document.filter_rules?.map(({ method, type, name }) => ({ method, type: type ?? null, name })) ?? null
  const stored = document.store_base_path_info
  return {
    syncLevel: document.sync_level ?? null,
    verifyChecksum: forced || (document.verify_checksum && !collections.some(({ disableVerify }) => disableVerify)),
    preserveTimestamp: document.preserve_timestamp,
    encryptData: document.encrypt_data || collections.some(({ highAssurance }) => highAssurance),
    deleteDestinationExtra: document.delete_destination_extra,
    recursiveSymlinks: document.recursive_symlinks ?? ('ignore' as const),
    filterRules: rules,
    skipSourceErrors: document.skip_source_errors,
    failOnQuotaErrors: document.fail_on_quota_errors,
    sourceBasePath: stored ? basePath(document.DATA.map((one) => one.source_path)) : null,
    destinationBasePath: stored ? basePath(document.DATA.map((one) => one.destination_path)) : null,
    destinations: document.DATA.slice(0, 200).map((one) => one.destination_path),
  }
}

function toSubtask(one: Item): NewSubtask {
  const options =
    one.DATA_TYPE === 'transfer_symlink_item'
      ? { symlink: true }
      : {
          recursive: one.recursive ?? null,
          externalChecksum: one.external_checksum ?? null,
          algorithm: one.checksum_algorithm ?? 'MD5',
        }
  return { kind: 'item', source: one.source_path, destination: one.destination_path, options: JSON.stringify(options) }
}
