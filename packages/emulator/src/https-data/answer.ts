import { answerWithFaults } from '../apply-fault.ts'
import type { EmulatorContext } from '../context.ts'
import type { EndpointName } from '../faults.ts'
import { corsHeaders, preflightResponse } from '../http/cors.ts'
import { requestIdOf } from '../http/request-id.ts'
import { TransferError } from '../transfer/errors.ts'
import type { Collection } from '../world/collections.ts'
import { CALLBACK_PATH } from './data-client.ts'
import { deleteFile } from './delete-file.ts'
import { finishLogin, sendToLogin } from './login.ts'
import { openForVisitor } from './permit.ts'
import { readFile } from './read-file.ts'
import { refusalResponse, toDataError } from './refusal.ts'
import { requestedFile } from './request-path.ts'
import { findVisitor } from './visitor.ts'
import { writeFile } from './write-file.ts'

export interface DataAnswer {
  readonly response: Response
  /** Why it refuses, for the log. */
  readonly reason: string | undefined
}

const METHODS = ['GET', 'HEAD', 'PUT', 'DELETE'] as const

/** Answers a request to the origin of a collection: a file is read, written or deleted. */
export async function answerData(
  request: Request,
  collection: Collection,
  context: EmulatorContext,
): Promise<DataAnswer> {
  if (request.method === 'OPTIONS') return { response: preflight(request), reason: undefined }
  let reason: string | undefined
  const work = async (): Promise<Response> => {
    try {
      return await respond(request, collection, context)
    } catch (error) {
      const refused = toDataError(error, context)
      const target = loginTarget(request, refused, context)
      if (target !== undefined) return sendToLogin(request, { collection, context, ...target })
      reason = refused.message
      return refusalResponse(request, refused, { requestId: requestIdOf(request), collection })
    }
  }
  const response = await answerWithFaults(request, work, { endpoint: nameOf(request.method), context })
  for (const [name, value] of Object.entries(shareHeaders(request))) response.headers.append(name, value)
  return { response, reason }
}

async function respond(request: Request, collection: Collection, context: EmulatorContext): Promise<Response> {
  const url = new URL(request.url)
  if (url.pathname === CALLBACK_PATH) return finishLogin(request, collection, context)
  if (!METHODS.some((method) => method === request.method)) throw methodNotAllowed(request.method)
  const visitor = findVisitor(request, collection, context)
  const permit = openForVisitor(collection, visitor, context)
  const file = requestedFile(url)
  if (request.method === 'PUT') return writeFile(request, file, { permit, context })
  return request.method === 'DELETE' ? deleteFile(request, file, permit) : readFile(request, file, permit)
}

interface LoginTarget {
  readonly target: string
  readonly parameters: Readonly<Record<string, unknown>>
}

/** Where login leads back to when a refusal is one that login mends, and a browser may be asking: whoever shows a token is told. */
function loginTarget(
  request: Request,
  { status, extra }: TransferError,
  { behaviour }: EmulatorContext,
): LoginTarget | undefined {
  const { method, headers } = request
  if (headers.get('authorization') !== null || (method !== 'GET' && method !== 'HEAD')) return undefined
  const wanted: unknown = extra['authorization_parameters']
  const isMended = (status === 401 && behaviour.fileWithoutToken === 'redirect') || wanted !== undefined
  const { pathname, search } = new URL(request.url)
  const parameters = typeof wanted === 'object' ? { ...wanted } : {}
  return isMended ? { target: pathname + search, parameters } : undefined
}

function methodNotAllowed(method: string): TransferError {
  return new TransferError(405, 'MethodNotAllowed', `Files do not know ${method}`, {
    headers: { allow: [...METHODS, 'OPTIONS'].join(', ') },
  })
}

const nameOf = (method: string): EndpointName =>
  method === 'PUT' ? 'https-write' : method === 'DELETE' ? 'https-delete' : 'https-read'

/** Who may read the answer: pages of any origin, since none may send the cookie along and read what comes. */
const shareHeaders = (request: Request): Readonly<Record<string, string>> => ({
  vary: 'Authorization, Cookie, Accept',
  'access-control-expose-headers': EXPOSED,
  ...corsHeaders(request),
})

const EXPOSED =
  'accept-ranges, content-disposition, content-length, content-range, etag, last-modified, www-authenticate'

function preflight(request: Request): Response {
  const response = preflightResponse(request, METHODS)
  response.headers.set('access-control-allow-headers', ALLOWED)
  return response
}

const ALLOWED = [
  'authorization, content-type, x-globus-client-info, x-requested-with',
  'range, if-match, if-none-match, if-modified-since, if-unmodified-since, if-range',
].join(', ')
