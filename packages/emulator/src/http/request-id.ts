const ids = new WeakMap<Request, string>()

/** Gives a request the id that its answer carries as `x-request-id`. */
export function nameRequest(request: Request, id: string): string {
  ids.set(request, id)
  return id
}

/** The id of a request that the emulator is answering. */
export const requestIdOf = (request: Request): string => ids.get(request) ?? ''

/** The error document with the request's id in the places where the error shapes of Globus have one. */
export function withRequestId(
  document: Readonly<Record<string, unknown>>,
  id: string,
): Readonly<Record<string, unknown>> {
  const { errors } = document
  return {
    ...document,
    ...(Array.isArray(errors) ? { errors: errors.map((entry: unknown) => renamed(entry, id)) } : {}),
    ...('request_id' in document ? { request_id: id } : {}),
  }
}

const renamed = (entry: unknown, id: string): unknown =>
  typeof entry === 'object' && entry !== null && 'id' in entry ? { ...entry, id } : entry
