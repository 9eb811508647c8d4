import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { RunningEmulator } from '@pierhead/emulator'
import { makeCertificate } from '../proxies/authority.ts'
import { printedConfig, startFront } from '../proxies/front.ts'
import { registerApp, startGlobus, type Registration } from '../support/emulator.ts'
import { freePort } from '../../tools/lib/ports.ts'
import { startFleet, type Fleet } from './fleet.ts'
import { stores, type Store } from './stores.ts'

/** Seconds that an access token lives. */
export const lifetime = 600

/** A portal as an institute runs it: several processes behind nginx with TLS, and one database for their sessions. */
export interface Scene {
  readonly globus: RunningEmulator
  readonly app: Registration
  readonly origin: string
  readonly store: Store
  readonly fleet: Fleet
  readonly secret: string
  close(): Promise<void>
}

const processes = 4

export async function setScene(kind: keyof typeof stores): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-scale-'))
  const certificate = makeCertificate(folder)
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, certificate.authority])
  const globus = await startGlobus({ accessTokenLifetime: lifetime })
  const store = await stores[kind]()
  const port = await freePort()
  const origin = `https://localhost:${port}`
  const app = registerApp(globus, 'Harbour Portal', `${origin}/login`)
  const ports: number[] = []
  while (ports.length < processes) ports.push(await freePort())
  const secret = newSecret()
  const env = portalEnvironment({ globus, app, origin, store })
  const fleet = await startFleet({ ports, secrets: [secret], env })
  const place = ['--public-url', `${origin}/`, ...ports.flatMap((each) => ['--port', String(each)])]
  const files = ['--certificate', certificate.certificate, '--key', certificate.key]
  const site = printedConfig(['nginx', '--listen', '127.0.0.1', ...place, ...files])
  mkdirSync(join(folder, 'nginx'))
  const front = await startFront('nginx', { folder: join(folder, 'nginx'), port, site })
  return {
    globus,
    app,
    origin,
    store,
    fleet,
    secret,
    async close() {
      await front.stop()
      await fleet.stop()
      await store.remove()
      await globus.close()
      setDefaultCACertificates(before)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function newSecret(): string {
  return randomBytes(48).toString('base64')
}

function portalEnvironment({ globus, app, origin, store }: Pick<Scene, 'globus' | 'app' | 'origin' | 'store'>) {
  return {
    PATH: process.env.PATH,
    SESSION_STORE_URL: store.url,
    GLOBUS_CLIENT_ID: app.clientId,
    GLOBUS_CLIENT_SECRET: app.clientSecret,
    GLOBUS_REDIRECT_URI: `${origin}/login`,
    GLOBUS_SDK_SERVICE_URL_AUTH: `${globus.origin}/`,
    // The one page of the portal that asks for a token.
    PORTAL_REVEAL_TOKENS: '1',
  }
}
