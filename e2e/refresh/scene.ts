import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import type { RunningEmulator } from '@pierhead/emulator'
import { endProgram } from '../../tools/lib/deadline.ts'
import { type App, startApp } from '../support/app.ts'
import { logIn, Visitor } from '../support/browser-like.ts'
import { TestClock } from '../support/clock.ts'
import type { Answers, CallerMessage, CallerOptions, Order } from './caller.ts'
import { sharedStores, type SharedStoreName } from './stores.ts'

/** Seconds that an access token lives. */
export const lifetime = 600

/** People who are logged in, and processes that share their sessions. */
export interface Scene {
  readonly app: App
  readonly visitors: readonly Visitor[]
  readonly cookies: readonly string[]
  readonly callers: readonly Caller[]
  /** Puts every process's next calls past the end of the access tokens, which die at the provider too. */
  expire(): void
  close(): Promise<void>
}

export interface Caller {
  readonly program: ChildProcess
  ask(order: Order): Promise<Answers>
  /** Resolves when it has sent its next token request. */
  refreshing(): Promise<void>
}

export async function setScene(
  globus: RunningEmulator,
  size: { readonly store: SharedStoreName; readonly people: number; readonly processes: number },
): Promise<Scene> {
  const { create, open } = sharedStores[size.store]
  const { place, remove } = await create()
  const clock = new TestClock()
  const app = await startApp(globus, { store: open(place, clock.now), clock })
  const visitors: Visitor[] = []
  const cookies: string[] = []
  for (let person = 0; person < size.people; person += 1) {
    const visitor = await logIn(new Visitor(), `${app.origin}/login`, 'Maya Okafor')
    visitors.push(visitor)
    cookies.push(await visitor.cookies(app.origin))
  }
  const { clientId, clientSecret, issuer, redirectUri, scopes, session } = app.options
  const login = { clientId, clientSecret, redirectUri, scopes, ...(issuer === undefined ? {} : { issuer }) }
  const options: CallerOptions = { login, secrets: session.secrets, store: size.store, place }
  const callers = await Promise.all(Array.from({ length: size.processes }, () => startCaller(options)))
  return {
    app,
    visitors,
    cookies,
    callers,
    expire: () => {
      app.clock.advance(lifetime)
      globus.world.timeShift.expire('access_tokens', Date.now(), app.clientId)
    },
    async close() {
      await Promise.all(callers.map(({ program }) => endProgram(program, 'SIGKILL')))
      await app.close()
      await remove()
    },
  }
}

async function startCaller(options: CallerOptions): Promise<Caller> {
  const program = fork(join(import.meta.dirname, 'caller.ts'), { execArgv: ['--conditions=pierhead-source'] })
  const ready = next(program, 'ready')
  program.send(options)
  await ready
  return {
    program,
    async ask(order) {
      const answered = next(program, 'answers')
      program.send(order)
      return (await answered).answers
    },
    refreshing: async () => void (await next(program, 'refreshing')),
  }
}

function next<Kind extends CallerMessage['kind']>(
  program: ChildProcess,
  kind: Kind,
): Promise<Extract<CallerMessage, { kind: Kind }>> {
  return new Promise((resolve, reject) => {
    const take = (message: CallerMessage): void => {
      if (message.kind !== kind) return
      program.off('message', take).off('exit', gone)
      // Of this kind, as was just seen.
      resolve(message as Extract<CallerMessage, { kind: Kind }>)
    }
    const gone = (): void => reject(new Error(`The process ended before it said ${kind}.`))
    program.on('message', take).once('exit', gone)
  })
}
