import { targetHeader } from './forwarded-request.ts'
import { loginOf, type LoginSource } from './shared-login.ts'
import type { Visit } from './visit.ts'

export type HeaderReader = Pick<Headers, 'get'>

/** One login's visit of the request that is under way. */
export interface AmbientVisit<Data> {
  readonly visit: Visit<Data>
  /** The handler answers by itself: errors are thrown to it as they are, in place of the framework's redirect. */
  readonly answers: boolean
}

/** The visits of requests that have no object of their own but their headers, which are the same at each reading. */
export interface AmbientVisits {
  open<Data>(headers: HeaderReader, login: LoginSource<Data>): Promise<AmbientVisit<Data>>
  keep<Data>(headers: HeaderReader, login: LoginSource<Data>, visit: AmbientVisit<Data>): void
  /** Undefined when nobody asked for the session. */
  find<Data>(headers: HeaderReader, login: LoginSource<Data>): Promise<AmbientVisit<Data> | undefined>
}

export function createAmbientVisits(): AmbientVisits {
  const requests = new WeakMap<HeaderReader, WeakMap<object, Promise<AmbientVisit<never>>>>()
  const visitsOf = (headers: HeaderReader): WeakMap<object, Promise<AmbientVisit<never>>> => {
    const known = requests.get(headers) ?? new WeakMap<object, Promise<AmbientVisit<never>>>()
    requests.set(headers, known)
    return known
  }
  const find = <Data>(headers: HeaderReader, source: LoginSource<Data>): Promise<AmbientVisit<Data>> | undefined =>
    // Kept under the login that opened it, whose Data is the caller's.
    visitsOf(headers).get(loginOf(source))
  const keep = <Data>(headers: HeaderReader, source: LoginSource<Data>, opened: Promise<AmbientVisit<Data>>): void =>
    // As above.
    void visitsOf(headers).set(loginOf(source), opened as Promise<AmbientVisit<never>>)
  return {
    find: async (headers, source) => find(headers, source),
    keep: (headers, source, visit) => keep(headers, source, Promise.resolve(visit)),
    open(headers, source) {
      const known = find(headers, source)
      if (known !== undefined) return known
      const opened = openVisit(headers, source)
      keep(headers, source, opened)
      return opened
    },
  }
}

/** Again from the cookies, whatever ran before: who can skip that must not skip this. */
async function openVisit<Data>(headers: HeaderReader, source: LoginSource<Data>): Promise<AmbientVisit<Data>> {
  const visit = await loginOf(source).open({
    method: 'GET',
    target: headers.get(targetHeader) ?? '/',
    header: (name) => headers.get(name) ?? undefined,
  })
  return { visit, answers: false }
}
