import { EventEmitter } from 'node:events'

/**
 * An `error` event without a listener ends the process: a database that restarts would take the application with it. The calls
 * that fail meanwhile say so themselves, so where nobody listens, nothing more needs to be said.
 */
export function bearErrors(client: object): void {
  if (client instanceof EventEmitter && client.listenerCount('error') === 0) client.on('error', () => undefined)
}
