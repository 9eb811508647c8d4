import { answerWithFaults } from '../apply-fault.ts'
import type { EmulatorContext } from '../context.ts'
import { corsHeaders, preflightResponse } from '../http/cors.ts'
import type { DataAnswer } from '../https-data/answer.ts'
import { randomUuid } from '../random.ts'
import { TransferError } from '../transfer/errors.ts'
import type { Collection } from '../world/collections.ts'
import { authenticateManagerCaller, type ManagerCall, type ManagerReply } from './manager-call.ts'
import { info } from './info.ts'
import { findManagerRoute } from './routes.ts'

/** Answers a request to the manager of a Globus Connect Server endpoint. */
export async function answerManager(
  request: Request,
  endpoint: Collection,
  context: EmulatorContext,
): Promise<DataAnswer> {
  if (request.method === 'OPTIONS')
    return { response: preflightResponse(request, ['GET', 'POST', 'PATCH', 'DELETE']), reason: undefined }
  let reason: string | undefined
  const work = async (): Promise<Response> => {
    try {
      return success(await call(request, endpoint, context))
    } catch (error) {
      const refused = toRefusal(error, context)
      reason = refused.message
      return refusal(refused)
    }
  }
  const response = await answerWithFaults(request, work, { endpoint: 'gcs-manager', context })
  for (const [name, value] of Object.entries(corsHeaders(request))) response.headers.set(name, value)
  return { response, reason }
}

async function call(request: Request, endpoint: Collection, context: EmulatorContext): Promise<ManagerReply> {
  const url = new URL(request.url)
  const path = url.pathname.replace(/^\/+api\/+/, '').replace(/\/+$/, '')
  if (request.method === 'GET' && path === 'info') return info({ endpoint, context })
  const caller = authenticateManagerCaller(request, endpoint, context)
  const { handle, params } = findManagerRoute(request.method, path)
  const managerCall: ManagerCall = {
    request,
    context,
    caller,
    endpoint,
    params,
    query: new URLSearchParams(Array.from(url.searchParams).filter(([, value]) => value !== '')),
    requestId: randomUuid(context.random),
    resource: url.pathname,
  }
  return handle(managerCall)
}

function success({ status = 200, message, data, marker }: ManagerReply): Response {
  return Response.json(
    {
      ...envelope(status, 'success'),
      detail: 'success',
      message: message ?? 'Operation successful',
      data,
      has_next_page: typeof marker === 'string',
      ...(marker === undefined ? {} : { marker: marker ?? '' }),
    },
    { status, headers: { 'cache-control': 'no-store' } },
  )
}

function refusal({ status, code, message, extra, headers }: TransferError): Response {
  const document = {
    ...envelope(status, snakeCase(code)),
    detail: null,
    message,
    data: [],
    has_next_page: false,
    ...extra,
  }
  return Response.json(document, { status, headers: { 'cache-control': 'no-store', ...headers } })
}

const envelope = (status: number, code: string): object => ({
  DATA_TYPE: 'result#1.0.0',
  http_response_code: status,
  code,
})

/** The manager spells codes in its own way: `permission_denied`, not `PermissionDenied`. */
const snakeCase = (code: string): string =>
  code
    .replace(/^Endpoint(?=[A-Z])/, '')
    .replace(/(?<=[a-z])[A-Z]/g, '_$&')
    .replace('.', '_')
    .toLowerCase()

function toRefusal(error: unknown, context: EmulatorContext): TransferError {
  if (error instanceof TransferError) return error
  context.warn(`defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return new TransferError(500, 'InternalServerError', 'The emulator failed')
}
