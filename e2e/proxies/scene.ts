import { mkdtempSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { RunningEmulator } from '@pierhead/emulator'
import { startGlobus } from '../support/emulator.ts'
import { freePort } from '../../tools/lib/ports.ts'
import { makeCertificate, type Certificate } from './authority.ts'
import { printedConfig, startFront, type Server } from './front.ts'
import { startInnerApp, type InnerApp } from './inner-app.ts'

/** How an app is made public. */
export interface Deployment {
  readonly server: Server
  readonly layout: 'debian' | 'rhel'
  readonly basePath: string
  readonly stripPrefix: boolean
  /** What the proxy is told. Default: what the command prints. */
  readonly site?: (place: SitePlace) => string
}

export interface SitePlace extends Certificate {
  /** Public port. */
  readonly port: number
  readonly appPort: number
}

/** What all deployments share: a local Globus, and a certificate that this process trusts. */
export interface Scene {
  readonly globus: RunningEmulator
  readonly certificate: Certificate
  readonly folder: string
  close(): Promise<void>
}

/** An app behind its proxy. */
export interface PublicApp {
  readonly inner: InnerApp
  /** Public origin. */
  readonly origin: string
  /** Public origin and base path. */
  readonly address: string
  close(): Promise<void>
}

export async function startScene(): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-proxies-'))
  const certificate = makeCertificate(folder)
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, certificate.authority])
  const globus = await startGlobus()
  return {
    globus,
    certificate,
    folder,
    async close() {
      setDefaultCACertificates(before)
      await globus.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Starts an app and the proxy in front of it. `filler`: characters that its sessions carry. */
export async function publish(scene: Scene, deployment: Deployment, filler = 0): Promise<PublicApp> {
  const { server, layout, basePath, stripPrefix, site } = deployment
  const port = await freePort()
  const origin = `https://localhost:${port}`
  const address = origin + basePath
  const inner = await startInnerApp(scene.globus, { address, stripPrefix, filler })
  const { certificate, key } = scene.certificate
  const place = ['--public-url', `${address}/`, '--port', `${inner.port}`, '--listen', '127.0.0.1']
  const files = ['--layout', layout, '--certificate', certificate, '--key', key]
  const printed = printedConfig([server, ...place, ...files, ...(stripPrefix ? ['--strip-prefix'] : [])])
  const folder = join(scene.folder, `${port}`)
  mkdirSync(folder)
  // Nothing is written to the machine's own logs.
  const own = printed.replaceAll('/var/log/httpd', join(folder, 'logs'))
  const front = await startFront(server, {
    folder,
    port,
    site: site?.({ ...scene.certificate, port, appPort: inner.port }) ?? own,
  })
  return {
    inner,
    origin,
    address,
    async close() {
      await front.stop()
      await inner.close()
    },
  }
}
