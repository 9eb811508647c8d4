/** What an event tells of: the name to listen for, and the field `event` of a log line. */
export type LoginEventName =
  | 'login'
  | 'login_failed'
  | 'logout'
  | 'session_ended'
  | 'session_refused'
  | 'csrf_refused'
  | 'access_refused'
  | 'identity_switched'
  | 'step_up'
  | 'token_refreshed'
  | 'token_refresh_failed'
  | 'revocation_failed'
  | 'provider_stale'

/** What happened, for audit and operators. Holds no secret, token, code or cookie. */
export interface LoginEvent {
  readonly event: LoginEventName
  readonly level: 'info' | 'warn' | 'error'
  /** One sentence; with what to check, where something is wrong. */
  readonly message: string
  /** An `ErrorCode`, or a code of `session_refused`. */
  readonly code?: string
  /** Globus identity, where one is known. */
  readonly subject?: string
  /** Public handle of the session. */
  readonly sid?: string
  readonly resourceServer?: string
  readonly cause?: unknown
}

/** Told of each event as it happens. What it throws is logged, and stops nothing. */
export type LoginListener = (event: LoginEvent) => void

/** Takes every event; a pino logger fits through `(event) => pino[event.level](event, event.message)`. */
export type Logger = (event: LoginEvent) => void

export interface Events {
  readonly emit: (event: LoginEvent) => void
  readonly on: (name: LoginEventName, listener: LoginListener) => () => void
}

export function createEvents(logger: Logger): Events {
  const listeners = new Map<LoginEventName, Set<LoginListener>>()
  return {
    emit(event) {
      for (const listener of [logger, ...(listeners.get(event.event) ?? [])]) tell(listener, event)
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set.add(listener))
      return () => void set.delete(listener)
    },
  }
}

/** Whoever listens cannot break a login. */
function tell(listener: LoginListener, event: LoginEvent): void {
  try {
    listener(event)
  } catch (cause) {
    if (listener !== stderrLogger) stderrLogger({ ...event, level: 'error', message: 'A listener failed.', cause })
  }
}

/** One JSON line per warning or error; control characters arrive escaped (SEC-106). */
export const stderrLogger: Logger = (event) => {
  if (event.level === 'info') return
  const { cause, ...rest } = event
  const line = {
    time: new Date().toISOString(),
    ...rest,
    ...(cause === undefined ? {} : { cause: describeCause(cause) }),
  }
  process.stderr.write(`${JSON.stringify(line).replaceAll(unseen, escaped)}\n`)
}

/** What JSON leaves as it is, and a terminal or a reader of lines takes for a command: C1 controls, line ends, turns of direction. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

const escaped = (text: string): string =>
  Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')

/** The chain of messages, without stacks and without what errors carry along. */
export function describeCause(error: unknown): string {
  const messages: string[] = []
  for (let current = error; current instanceof Error && messages.length < 5; current = current.cause) {
    messages.push(`${current.name}: ${current.message}`)
  }
  return messages.length === 0 ? typeof error : messages.join(' <- ')
}
