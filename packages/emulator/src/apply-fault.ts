import type { Clock } from './clock.ts'
import { ConnectionCut, type Fault } from './faults.ts'

/** Does an endpoint's work as the fault wants it. */
export async function applyFault(
  fault: Fault | undefined,
  work: () => Promise<Response>,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<Response> {
  if (fault === undefined) return work()
  switch (fault.kind) {
    case 'answer':
      return new Response(fault.body ?? '', {
        status: fault.status,
        headers: { 'content-type': 'application/json', ...fault.headers },
      })
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
    default:
      return merge(await work(), fault.document)
  }
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
