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
  const sink = write === undefined ? destination({ dest: 2, sync: true }) : { write }
  const logger = pino(options, { write: (line: string) => void sink.write(visible(line)) })
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

/** What turns text around or steers a terminal is written as JSON may write it (SEC-106): most of a line is a stranger's choice. */
function visible(line: string): string {
  return line.replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (sign) => String.raw`\u` + sign.charCodeAt(0).toString(16).padStart(4, '0'),
  )
}

/** The chain of messages, without what errors carry along. */
export function describeCause(error: unknown): string {
  const messages: string[] = []
  for (let current = error; current instanceof Error && messages.length < 5; current = current.cause) {
    messages.push(`${current.name}: ${current.message}`)
  }
  return messages.length === 0 ? typeof error : messages.join(' <- ')
}

/** An error that nobody expected: its messages, and where it was thrown. What it carries besides may hold a secret. */
export function describeFault(error: unknown): { readonly cause: string; readonly stack?: string } {
  const cause = describeCause(error)
  return error instanceof Error && error.stack !== undefined ? { cause, stack: error.stack } : { cause }
}
