import { closeSync, constants, fstatSync, openSync, renameSync, rmSync, write } from 'node:fs'
import { promisify } from 'node:util'
import { draftName, isDraft } from '../collections/draft-name.ts'
import { findPlace, type Place } from '../collections/tree.ts'
import type { EmulatorContext } from '../context.ts'
import { randomUuid } from '../random.ts'
import { badRequest, permissionDenied, TransferError } from '../transfer/errors.ts'
import { usedBytes } from '../transfer/task-engine/run-options.ts'
import { evaluateConditions, type Validators } from './conditions.ts'
import { notAFile, validatorsOf } from './open-file.ts'
import type { Permit } from './permit.ts'
import type { RequestedFile } from './request-path.ts'

const WRITE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW

const writeBytes = promisify(write)

/** `PUT`: the body becomes the file, once it has come whole. Its parent must exist; a link that stays inside is followed. */
export async function writeFile(
  request: Request,
  file: RequestedFile,
  { permit, context }: { readonly permit: Permit; readonly context: EmulatorContext },
): Promise<Response> {
  // RFC 9110 section 14.5: a server must not take a part for the whole.
  if (request.headers.has('content-range')) throw badRequest('Parts of a file cannot be written')
  permit.check(file.path, 'rw')
  using place = findPlace(permit.root, file.path, true)
  permit.check(place.path, 'rw')
  const { name } = place
  if (name === null || file.isDirectory || isDraft(name)) throw badRequest('Only files can be written')
  requireWritable(permit)
  const before = currentOf(place, name)
  if (evaluateConditions(request, before) === 'failed') throw preconditionFailed()
  const draft = draftName(randomUuid(context.random), 0)
  const { etag } = await writeDraft(request, { place, name, draft, room: roomIn(permit) })
  return new Response(null, { status: before === undefined ? 201 : 200, headers: { etag, 'content-length': '0' } })
}

/** @throws TransferError 403 or 507 for a collection that takes nothing */
export function requireWritable({ collection }: Permit): void {
  if (collection.readOnly) throw permissionDenied('The storage is read-only')
  if (collection.full) throw noSpace()
}

export const noSpace = (): TransferError => new TransferError(507, 'NoSpaceLeft', 'No space left on the storage')

export const preconditionFailed = (): TransferError =>
  new TransferError(412, 'PreconditionFailed', 'The file is not in the state that the request names')

function currentOf({ directory }: Place, name: string): Validators | undefined {
  const stats = directory.lookExactly(name)
  if (stats === undefined) return undefined
  if (!stats.isFile()) throw notAFile('only regular files are replaced')
  return validatorsOf(stats)
}

interface Draft {
  readonly place: Place
  readonly name: string
  readonly draft: string
  /** The most bytes that still fit. */
  readonly room: number
}

async function writeDraft(request: Request, { place, name, draft, room }: Draft): Promise<Validators> {
  const at = place.directory.place(draft)
  const handle = openSync(at, WRITE, 0o666)
  let isWhole = false
  try {
    await receive(request, handle, room)
    renameSync(at, place.directory.place(name))
    isWhole = true
    return validatorsOf(fstatSync(handle, { bigint: true }))
  } finally {
    closeSync(handle)
    if (!isWhole) rmSync(at, { force: true })
  }
}

async function receive({ body, headers }: Request, handle: number, room: number): Promise<void> {
  let length = 0
  for await (const chunk of chunksOf(body)) {
    if (length + chunk.length > room) throw noSpace()
    for (let written = 0; written < chunk.length;) {
      const { bytesWritten } = await writeBytes(handle, chunk, written, chunk.length - written, length + written)
      written += bytesWritten
    }
    length += chunk.length
  }
  const announced = headers.get('content-length')
  if (announced !== null && Number(announced) !== length)
    throw badRequest(`The body has ${length} bytes, not ${announced}`)
}

/** A body that breaks off is the sender's doing. */
async function* chunksOf(body: Request['body']): AsyncGenerator<Uint8Array> {
  try {
    yield* body ?? []
  } catch {
    throw badRequest('The body broke off')
  }
}

function roomIn({ collection, root }: Permit): number {
  return collection.quotaBytes === null ? Infinity : Math.max(0, collection.quotaBytes - usedBytes(root.path))
}
