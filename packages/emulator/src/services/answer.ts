import { answerWithFaults } from '../apply-fault.ts'
import type { EmulatorContext } from '../context.ts'
import { randomAlphanumeric } from '../random.ts'
import type { Incoming, ServiceReply, ServiceRoute } from './service-route.ts'

export interface ServiceAnswer {
  readonly response: Response
  /** Why it refuses, for the log. */
  readonly reason: string | undefined
}

/** Answers a request to one operation; a refusal becomes the error document of its service. */
export async function answerService(
  request: Request,
  params: Readonly<Record<string, string>>,
  { route, context }: { readonly route: ServiceRoute; readonly context: EmulatorContext },
): Promise<ServiceAnswer> {
  let reason: string | undefined
  const given = new URL(request.url).searchParams
  const query = new URLSearchParams(Array.from(given).filter(([, value]) => value !== ''))
  const requestId = randomAlphanumeric(context.random, 32).toLowerCase()
  const incoming: Incoming = { request, context, params, query, requestId }
  const work = async (): Promise<Response> => {
    try {
      return respond(await route.handle(incoming))
    } catch (error) {
      reason = error instanceof Error ? error.message : 'failed'
      return respond(route.refuse(error, incoming) ?? defect(error, route, incoming))
    }
  }
  const response = await answerWithFaults(request, work, { endpoint: route.name, context })
  return { response, reason }
}

const respond = ({ status, document }: ServiceReply): Response =>
  Response.json(document, { status, headers: { 'cache-control': 'no-store' } })

function defect(error: unknown, route: ServiceRoute, incoming: Incoming): ServiceReply {
  incoming.context.warn(`defect: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return route.defect(incoming)
}
