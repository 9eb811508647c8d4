import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Logger as LoginLogger } from 'pierhead'
import { destination, pino, stdTimeFunctions, type Logger } from 'pino'

/** JSON lines for operators: one for each request, one for each login event. No query strings, tokens or cookies. */
export interface PortalLog {
  readonly logger: Logger
  readonly login: LoginLogger
  /** Gives a request its id, which its answer says as `X-Request-Id`, and writes its line. Register it first. */
  readonly requests: MiddlewareHandler
  /** Id of the request that is being answered; names it on error pages and on every line. */
  requestId(): string | undefined
}

const longestPath = 500

/** `write` takes each line. Default: standard error. */
export function createLog(write?: (line: string) => void): PortalLog {
  const requests = new AsyncLocalStorage<string>()
  const requestId = () => requests.getStore()
  const options = {
    base: null,
    messageKey: 'message',
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
    mixin: () => ({ request: requestId() }),
  }
  const logger = pino(options, write === undefined ? destination({ dest: 2, sync: true }) : { write })
  return {
    logger,
    login: ({ level, message, cause, ...event }) =>
      logger[level]({ ...event, ...(cause === undefined ? {} : { cause: describeCause(cause) }) }, message),
    requests: async (c, next) => {
      const started = performance.now()
      const id = randomUUID()
      await requests.run(id, async () => {
        await next()
        c.res.headers.set('x-request-id', id)
        const { method, path } = c.req
        const { status } = c.res
        const milliseconds = Math.round(performance.now() - started)
        const level = status >= 500 ? 'error' : 'info'
        logger[level]({ method, path: path.slice(0, longestPath), status, milliseconds }, 'request')
      })
    },
    requestId,
  }
}

/** The chain of messages, without what errors carry along. */
export function describeCause(error: unknown): string {
  const messages: string[] = []
  for (let current = error; current instanceof Error && messages.length < 5; current = current.cause) {
    messages.push(`${current.name}: ${current.message}`)
  }
  return messages.length === 0 ? typeof error : messages.join(' <- ')
}
