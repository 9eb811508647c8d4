import { isPierheadError } from '../../errors.ts'
import { ambientGuards, type AmbientGuards } from './ambient-guards.ts'
import { createAmbientVisits, type HeaderReader } from './ambient-visits.ts'
import { answerFetch } from './fetch-answer.ts'
import { openFetchVisit, targetOf } from './fetch-visit.ts'
import { setCookies, targetHeader, type SetCookie } from './forwarded-request.ts'
import { loginOf, type LoginSource } from './shared-login.ts'
import type { Visit } from './visit.ts'

/** A framework that hands no request to most of what it runs. */
export interface AmbientFramework {
  /** Those of the request that is under way: the same object at each call. */
  headers(): Promise<HeaderReader>
  /** Throws where it is too late for cookies. */
  setCookies(cookies: readonly SetCookie[]): Promise<void>
  /** Throws what the framework takes for a redirect. */
  redirect(url: string): Promise<never>
}

export interface Ambient {
  readonly guards: AmbientGuards
  /** Runs a handler that answers a request with a response. */
  answer<Data>(source: LoginSource<Data>, request: Request, handle: () => Promise<Response>): Promise<Response>
  /** Runs what renders a page or does an action. */
  render<Data, Result>(source: LoginSource<Data>, handle: () => Promise<Result>): Promise<Result>
}

export function createAmbient(framework: AmbientFramework): Ambient {
  const visits = createAmbientVisits()
  const leave = async <Data>(source: LoginSource<Data>, error: unknown): Promise<never> => {
    if (!isPierheadError(error)) throw error
    const headers = await framework.headers()
    const { visit } = await visits.open(headers, source)
    const path = visit.redirectFor(error, headers.get(targetHeader) ?? undefined)
    if (path === undefined) throw error
    // With its origin: a framework that knows the base path, too, would put it before the path a second time.
    return framework.redirect(loginOf(source).origin + path)
  }
  return {
    guards: ambientGuards(async (source, question) => {
      const { visit, answers } = await visits.open(await framework.headers(), source)
      try {
        return await question(visit)
      } catch (error) {
        if (answers) throw error
        return leave(source, error)
      }
    }),
    async answer(source, request, handle) {
      const opened = await openFetchVisit(loginOf(source), request, { target: publicTarget(request) })
      visits.keep(await framework.headers(), source, { visit: opened.visit, answers: true })
      return answerFetch(opened, handle, () => sendCookies(framework, opened.visit))
    },
    async render(source, handle) {
      try {
        return await handle()
      } catch (error) {
        return await leave(source, error)
      } finally {
        const opened = await visits.find(await framework.headers(), source)
        if (opened !== undefined) await sendCookies(framework, opened.visit)
      }
    },
  }
}

/** While a page is being rendered it is too late: what changed is lost there, and made again at the next request. */
async function sendCookies(framework: AmbientFramework, visit: Pick<Visit, 'headers'>): Promise<void> {
  const changed = setCookies(visit.headers())
  if (changed.length > 0) await framework.setCookies(changed).catch(() => undefined)
}

/** Where the framework takes its base path off before a handler sees the address, the whole one was handed on. */
function publicTarget(request: Request): string {
  const inside = targetOf(request.url)
  const whole = request.headers.get(targetHeader)
  return whole?.endsWith(inside) ? whole : inside
}
