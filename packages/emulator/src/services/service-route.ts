import type { EmulatorContext } from '../context.ts'
import type { ServiceOperation } from './names.ts'

/** A request to Groups, Search, Timers or Flows, before anybody asked who sends it. */
export interface Incoming {
  readonly request: Request
  readonly context: EmulatorContext
  /** What stands in the path where the route has a name. */
  readonly params: Readonly<Record<string, string>>
  /** Empty values are left out: they count as absent. */
  readonly query: URLSearchParams
  readonly requestId: string
}

export interface ServiceReply {
  readonly status: number
  readonly document: unknown
}

export const ok = (document: unknown): ServiceReply => ({ status: 200, document })

export type ServiceMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** An operation of a service. Paths name their parts as Hono does. */
export interface ServiceRoute {
  readonly method: ServiceMethod
  readonly path: string
  readonly name: ServiceOperation
  readonly handle: (incoming: Incoming) => ServiceReply | Promise<ServiceReply>
  /** Writes a refusal in the shape of the service; undefined for what is no refusal but a defect. */
  readonly refuse: (error: unknown, incoming: Pick<Incoming, 'requestId'>) => ServiceReply | undefined
  /** The refusal of a request that the emulator itself cannot answer. */
  readonly defect: (incoming: Pick<Incoming, 'requestId'>) => ServiceReply
}

/** The value of a name in the route's path. */
export function param({ params }: Pick<Incoming, 'params'>, name: string): string {
  const value = params[name]
  if (value === undefined) throw new Error(`The route has no ${name}`)
  return value
}
