import { html } from 'hono/html'
import type { EmulatorContext } from '../context.ts'
import { codeOf } from '../transfer/file-failure.ts'
import { badRequest, endpointPermissionDenied, permissionDenied, TransferError } from '../transfer/errors.ts'
import { PathError } from '../collections/virtual-path.ts'
import type { Collection } from '../world/collections.ts'
import { CALLBACK_PATH } from './data-client.ts'
import { AGAIN } from './login.ts'
import { noSuchFile } from './open-file.ts'
import { noSpace } from './write-file.ts'

/** What is answered for an error of an operation on files. */
export function toDataError(error: unknown, context: EmulatorContext): TransferError {
  if (error instanceof TransferError) return error
  if (error instanceof PathError) return endpointPermissionDenied(`Path not allowed: ${error.message}`)
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
    // Somebody put a link in the place of what was looked at, or took one away.
    case 'ELOOP':
    case 'EINVAL':
      return noSuchFile()
    case 'ENAMETOOLONG':
      return badRequest('The name is too long for the storage')
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return permissionDenied('The storage does not allow it')
    case 'EISDIR':
    case 'ENOTEMPTY':
    case 'EEXIST':
      return new TransferError(409, 'Exists', 'Something else has that name')
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return noSpace()
    default:
      context.warn(`defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      return new TransferError(500, 'InternalError', 'The emulator failed')
  }
}

export interface RefusalAbout {
  readonly requestId: string
  readonly collection: Collection
}

/** A page for people who opened the file, a document for programs. */
export async function refusalResponse(
  request: Request,
  { status, code, message, extra, headers }: TransferError,
  { requestId, collection }: RefusalAbout,
): Promise<Response> {
  const common = { ...headers, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }
  if (!isOpenedByPerson(request))
    return Response.json({ code, message, request_id: requestId, ...extra }, { status, headers: common })
  const { pathname, search } = new URL(request.url)
  const target = pathname === CALLBACK_PATH ? '/' : pathname + search
  const again = `${CALLBACK_PATH}?${new URLSearchParams({ [AGAIN]: target }).toString()}`
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${message} · local emulator</title>
      </head>
      <body>
        <p>Local emulator, for development. This is not Globus.</p>
        <main>
          <h1>${collection.displayName}</h1>
          <p>${message}.</p>
          <p><a href="${again}">Log in as somebody else</a></p>
          <p>Error code ${code}, request ${requestId}</p>
        </main>
      </body>
    </html>`
  return new Response(String(page), {
    status,
    headers: {
      ...common,
      'content-type': 'text/html; charset=UTF-8',
      'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    },
  })
}

/** Whether a person looks at the answer. */
export const isOpenedByPerson = ({ headers }: Request): boolean =>
  headers.get('authorization') === null && /\btext\/html\b/.test(headers.get('accept') ?? '')
