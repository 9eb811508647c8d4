import type { ServiceOperation } from './names.ts'
import { callerOf } from './caller.ts'
import { ok, type Incoming, type ServiceMethod, type ServiceReply, type ServiceRoute } from './service-route.ts'

/** A service of which the emulator has nothing but lists that are empty. */
export interface ListOnlyService {
  readonly name: Extract<ServiceOperation, 'timers' | 'flows'>
  readonly title: string
  readonly resourceServer: string
  /** One of these suffices to list. */
  readonly scopes: readonly string[]
  readonly lists: Readonly<Record<string, object>>
  /** Everything else, with `*`. */
  readonly missing: readonly string[]
}

/** A refusal of Timers and Flows, which share a shape: `{error: {code, detail, status}}`. */
class ServiceRefusal extends Error {
  override readonly name = 'ServiceRefusal'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, detail: string) {
    super(detail)
    this.status = status
    this.code = code
  }
}

/** The routes: lists, and 501 that names what is missing. */
export function listOnlyRoutes(service: ListOnlyService): readonly ServiceRoute[] {
  const methods: readonly ServiceMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
  const shared = { name: service.name, refuse, defect }
  const lists = Object.entries(service.lists).map(([path, document]): ServiceRoute => {
    const handle = (incoming: Incoming): ServiceReply => list(document, incoming, service)
    return { ...shared, method: 'GET', path, handle }
  })
  const missing = [...Object.keys(service.lists), ...service.missing].flatMap((path) =>
    methods.map((method): ServiceRoute => ({ ...shared, method, path, handle: () => refuseMissing(service) })),
  )
  return [...lists, ...missing]
}

function list(document: object, { request, context }: Incoming, service: ListOnlyService): ServiceReply {
  const caller = callerOf(request, service.resourceServer, context)
  if (typeof caller === 'string') throw new ServiceRefusal(401, 'UNAUTHORIZED', 'An access token is required')
  if (!service.scopes.some((scope) => caller.scopes.has(scope)))
    throw new ServiceRefusal(403, 'MISSING_SCOPE', `The token lacks the scope ${service.scopes[0] ?? ''}`)
  return ok(document)
}

function refuseMissing({ title }: ListOnlyService): never {
  throw new ServiceRefusal(501, 'NOT_IMITATED', `The local emulator does not imitate ${title} beyond listing`)
}

const refuse = (error: unknown): ServiceReply | undefined =>
  error instanceof ServiceRefusal ? documentOf(error) : undefined

const documentOf = ({ status, code, message }: ServiceRefusal): ServiceReply => ({
  status,
  document: { error: { code, detail: message, status } },
})

const defect = (): ServiceReply => documentOf(new ServiceRefusal(500, 'INTERNAL_SERVER_ERROR', 'The emulator failed'))
