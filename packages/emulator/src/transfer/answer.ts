import { answerWithFaults } from '../apply-fault.ts'
import type { EmulatorContext } from '../context.ts'
import { randomAlphanumeric } from '../random.ts'
import type { Reply } from './call.ts'
import { authenticateCaller } from './caller.ts'
import { TransferError } from './errors.ts'
import type { TransferRoute } from './routes.ts'

export interface TransferAnswer {
  readonly response: Response
  /** Why it refuses, for the log. */
  readonly reason: string | undefined
}

/** Answers a request to one operation: token, work, document; a refusal becomes an error document. */
export async function answerTransfer(
  request: Request,
  params: Readonly<Record<string, string>>,
  { route, context }: { readonly route: TransferRoute; readonly context: EmulatorContext },
): Promise<TransferAnswer> {
  let reason: string | undefined
  const url = new URL(request.url)
  const requestId = randomAlphanumeric(context.random, 9)
  const resource = url.pathname.replace(/^\/+v0\.10/, '')
  const work = async (): Promise<Response> => {
    try {
      const caller = authenticateCaller(request, context)
      context.transfer.engine.noticeCaller(caller.id)
      const query = new URLSearchParams(Array.from(url.searchParams).filter(([, value]) => value !== ''))
      return respond(await route.handle({ request, context, caller, params, query, requestId, resource }))
    } catch (error) {
      reason = error instanceof Error ? error.message : 'failed'
      return route.jsonApi
        ? jsonApiRefusal(error, requestId, context)
        : refusal(error, { requestId, resource }, context)
    }
  }
  const response = await answerWithFaults(request, work, { endpoint: route.name, context })
  return { response, reason }
}

function respond({ status, document, data }: Reply): Response {
  if (document === null) return new Response(null, { status })
  const headers = { 'cache-control': 'no-store' }
  if (data === undefined) return Response.json(document, { status, headers })
  const head = JSON.stringify({ ...document, DATA: [] }).slice(0, -2)
  const parts = data.flatMap((part, index) => (index === 0 ? [part] : [Buffer.from(','), part]))
  const whole = [Buffer.from(head), ...parts, Buffer.from(']}')]
  const length = whole.reduce((sum, part) => sum + part.length, 0)
  const type = { 'content-type': 'application/json', 'content-length': String(length) }
  return new Response(streamOf(whole), { status, headers: { ...headers, ...type } })
}

/** Sent part by part, so that the whole is never in memory twice. */
function streamOf(parts: Buffer[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => {
      const part = parts.shift()
      if (part === undefined) controller.close()
      else controller.enqueue(part)
    },
  })
}

function refusal(error: unknown, about: { requestId: string; resource: string }, context: EmulatorContext): Response {
  const known = knownError(error, context)
  const { code, message, status } = known
  const document = { code, message, request_id: about.requestId, resource: about.resource, ...known.extra }
  const header = context.behaviour.errorHeader ? { 'x-transfer-api-error': code } : {}
  return Response.json(document, { status, headers: { 'cache-control': 'no-store', ...header, ...known.headers } })
}

function jsonApiRefusal(error: unknown, requestId: string, context: EmulatorContext): Response {
  const { code, message, status, extra, headers } = knownError(error, context)
  const errors = [{ status: String(status), code, title: code, detail: message, ...extra }]
  return Response.json(
    { errors, meta: { request_id: requestId } },
    { status, headers: { 'content-type': 'application/vnd.api+json', ...headers } },
  )
}

function knownError(error: unknown, context: EmulatorContext): TransferError {
  if (error instanceof TransferError) return error
  context.warn(`defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return new TransferError(500, 'ServerError.InternalError', 'The emulator failed')
}
