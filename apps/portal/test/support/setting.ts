import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { demo, startEmulator, type RunningEmulator } from '@pierhead/emulator'
import type { Clock, SessionStore } from 'pierhead'
import { readConfig } from '../../src/config.ts'
import { createPortal, type Portal } from '../../src/portal.ts'
import { Visitor } from './visitor.ts'

export const origin = 'http://localhost:8888'
export const sessionSecret = 'Zk3v9qLw8xT2rB5nY7uC1mE4hJ6pS0aD-g'

/** A portal without a socket, and a local Globus that it reaches over HTTP. */
export interface Setting extends AsyncDisposable {
  readonly portal: Portal
  readonly emulator: RunningEmulator
  readonly environment: Readonly<Record<string, string>>
  /** Lines of the portal's log. */
  readonly log: string[]
  /** Every token that the portal was ever given. */
  readonly tokens: ReadonlySet<string>
  /** A browser that knows nothing yet. */
  visitor(headers?: Record<string, string>): Visitor
}

export interface SettingOptions {
  readonly environment?: Record<string, string>
  /** What stands in `portal.yaml`. Default: there is none. */
  readonly yaml?: string
  /** Called before the first request, to add routes. */
  readonly prepare?: (portal: Portal) => void
  /** Default: the system's. */
  readonly clock?: Clock
  /** Where sessions are kept. Default: a file. */
  readonly store?: SessionStore
  /** What becomes of a JSON document of Globus before the portal reads it, or a promise of that. Default: nothing. */
  readonly tamper?: (document: unknown, url: URL) => unknown
}

export async function startSetting(options: SettingOptions = {}): Promise<Setting> {
  const emulator = await startEmulator({ port: 0, hosts: ['127.0.0.1'], behaviour: { identitySetAlways: true } })
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-portal-'))
  const file = join(folder, 'portal.yaml')
  if (options.yaml !== undefined) writeFileSync(file, options.yaml)
  const environment = {
    ...portalEnvironment(emulator, folder),
    ...(options.yaml === undefined ? {} : { PIERHEAD_CONFIG: file }),
    ...options.environment,
  }
  const restore = setProcessEnvironment(emulator.info().env)
  const log: string[] = []
  const tokens = new Set<string>()
  const portal = createPortal(readConfig(environment), {
    writeLog: (line) => void log.push(line),
    fetch: tampering(options.tamper, recordingTokens(tokens)),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.store === undefined ? {} : { store: options.store }),
  })
  options.prepare?.(portal)
  return {
    portal,
    emulator,
    environment,
    log,
    tokens,
    visitor: (headers) => new Visitor(origin, (request) => portal.app.fetch(request), headers),
    async [Symbol.asyncDispose]() {
      await portal.close()
      await emulator.close()
      restore()
      rmSync(folder, { recursive: true })
    },
  }
}

/** The kit reads where services are from the process's own environment, as the official SDK does. */
function setProcessEnvironment(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, variables)
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
}

export function portalEnvironment(emulator: RunningEmulator, folder: string): Record<string, string> {
  const client = emulator.info().clients.find((one) => one.client_id === demo.clients.portal)
  if (client?.client_secret === undefined) throw new Error('The demo world has no portal.')
  return {
    PIERHEAD_DATA: folder,
    SESSION_SECRET: sessionSecret,
    GLOBUS_CLIENT_ID: client.client_id,
    GLOBUS_CLIENT_SECRET: client.client_secret,
    GLOBUS_REDIRECT_URI: `${origin}/login`,
    ...emulator.info().env,
  }
}

/** Goes from the home page through Globus and back, as that person. */
export async function logIn(visitor: Visitor, name: string): Promise<void> {
  await visitor.open('/')
  await visitor.follow('Login to Globus')
  if (visitor.page.url.pathname === '/p/login') await visitor.press(name)
  if (visitor.page.url.pathname === '/p/consent') await visitor.press('Allow')
}

/** Reads along what the token endpoint answers; changes nothing. */
function recordingTokens(tokens: Set<string>): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    const text = await response.clone().text()
    for (const [, token = ''] of text.matchAll(/"(?:access_token|refresh_token|id_token)":\s*"([^"]+)"/g))
      tokens.add(token)
    return response
  }
}

function tampering(tamper: SettingOptions['tamper'], send: typeof fetch): typeof fetch {
  if (tamper === undefined) return send
  return async (input, init) => {
    const response = await send(input, init)
    if (!/json/.test(response.headers.get('content-type') ?? '')) return response
    const text = await response.clone().text()
    if (text === '') return response
    const url = new URL(input instanceof Request ? input.url : input)
    const { status } = response
    const headers = { 'content-type': 'application/json' }
    return new Response(JSON.stringify(await tamper(JSON.parse(text), url)), { status, headers })
  }
}
