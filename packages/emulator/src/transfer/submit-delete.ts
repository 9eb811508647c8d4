import * as z from 'zod'
import { basePath } from './base-path.ts'
import { readBody, type Call, type Reply } from './call.ts'
import { TransferError } from './errors.ts'
import { accept, commonFields, findDuplicate, optionalFlag, requireForTask, requireLogins } from './submission.ts'

const body = z.looseObject({
  ...commonFields,
  DATA_TYPE: z.literal('delete').optional(),
  endpoint: z.guid(),
  DATA: z
    .array(z.looseObject({ DATA_TYPE: z.literal('delete_item').optional(), path: z.string().min(1) }))
    .max(1_000_000),
  recursive: optionalFlag,
  ignore_missing: optionalFlag,
  interpret_globs: optionalFlag,
})

/** `POST /v0.10/delete` */
export async function submitDelete(call: Call): Promise<Reply> {
  const document = await readBody(call, body)
  const { submission_id, ...rest } = document
  const duplicate = findDuplicate(submission_id, rest, call)
  if (duplicate !== undefined) return duplicate
  if (document.DATA.length === 0)
    throw new TransferError(400, 'ClientError.BadRequest.NoDeleteItems', 'A delete requires at least one item')
  const source = requireForTask(document.endpoint, call)
  requireLogins([source], call)
  const options = JSON.stringify({
    recursive: document.recursive,
    ignoreMissing: document.ignore_missing,
    globs: document.interpret_globs,
  })
  const items = document.DATA.map(({ path }) => ({ kind: 'delete' as const, source: path, destination: null, options }))
  const request = {
    syncLevel: null,
    verifyChecksum: false,
    preserveTimestamp: false,
    encryptData: false,
    deleteDestinationExtra: false,
    recursiveSymlinks: 'ignore' as const,
    filterRules: null,
    skipSourceErrors: false,
    failOnQuotaErrors: false,
    sourceBasePath: document.store_base_path_info ? basePath(document.DATA.map(({ path }) => path)) : null,
    destinationBasePath: null,
    destinations: document.DATA.slice(0, 200).map(({ path }) => path),
  }
  return accept({ document, type: 'DELETE', source, destination: null, request, items }, rest, call)
}
