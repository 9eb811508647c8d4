import type { Clock } from './clock.ts'
import type { EmulatorContext } from './context.ts'
import { ConnectionCut, type EndpointName, type Fault } from './faults.ts'
import { malform } from './faults/malform.ts'
import { planShape } from './faults/shape-body.ts'
import { subjectOfRequest } from './faults/subject.ts'

/** Work of an endpoint; `context` may differ from the usual one in what the fault wants wrong. */
type Work = (context: EmulatorContext) => Promise<Response>

/** Answers a request to an endpoint, with the fault that waits for it and in the way of the misbehaviour that is played. */
export async function answerWithFaults(
  request: Request,
  work: Work,
  { endpoint, context }: { readonly endpoint: EndpointName; readonly context: EmulatorContext },
): Promise<Response> {
  const { faults, clock } = context
  const fault = await faults.take(endpoint, () => subjectOfRequest(request, context))
  const playing = faults.playing()
  const played = (): Promise<Response> => {
    const usual = (): Promise<Response> => work(fault?.kind === 'skew' ? { ...context, skew: fault.seconds } : context)
    return playing === undefined ? usual() : playing.answer(request, usual, { endpoint, context })
  }
  return applyFault(fault, played, { clock, signal: request.signal })
}

/** Does an endpoint's work as the fault wants it. */
async function applyFault(
  fault: Fault | undefined,
  work: () => Promise<Response>,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<Response> {
  if (fault === undefined) return work()
  switch (fault.kind) {
    case 'answer':
      return answerOf(fault)
    case 'delay':
      await clock.sleep(fault.milliseconds, signal)
      return work()
    case 'hang':
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new ConnectionCut())))
    case 'reset':
      throw new ConnectionCut()
    case 'lose-answer':
      await work()
      throw new ConnectionCut()
    case 'drip':
    case 'cut':
      return planShape(await work(), fault)
    case 'malformed':
      return malform(await work(), fault.how)
    case 'skew':
      return skewDate(await work(), clock.now() + fault.seconds * 1000)
    default:
      return merge(await work(), fault.document)
  }
}

function answerOf({ status, body = '', headers, retryAfter }: Extract<Fault, { kind: 'answer' }>): Response {
  const retry = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }
  const isBodiless = status === 204 || status === 205 || status === 304
  return new Response(isBodiless ? null : body, {
    status,
    headers: { 'content-type': 'application/json', ...retry, ...headers },
  })
}

function skewDate(response: Response, now: number): Response {
  response.headers.set('date', new Date(now).toUTCString())
  return response
}

async function merge(response: Response, changes: Readonly<Record<string, unknown>>): Promise<Response> {
  const document: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  if (typeof document !== 'object' || document === null) return response
  const merged = Object.entries({ ...document, ...changes }).filter(([, value]) => value !== null)
  return Response.json(Object.fromEntries(merged), { status: response.status })
}
