import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { demo, startEmulator, systemClock } from '../../src/index.ts'
import { clientEnvironment } from '../../src/client-environment.ts'
import { writeInfo } from '../../src/info-file.ts'
import { findEmulator } from '../../src/running-emulator.ts'
import { openAuthority } from '../../src/tls/authority.ts'
import { originOf } from '../https-data/support.ts'

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pierhead-tls-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

describe('the certificate authority', () => {
  it('signs servers of all their names, and nothing else', () => {
    const authority = openAuthority(temporaryFolder(), systemClock)
    const ca = new X509Certificate(authority.certificate)
    const { cert, key } = authority.issue(['localhost', '127.0.0.1', '::1', 'fd00::a1', 'data.example'])
    const server = new X509Certificate(cert)
    expect([ca.ca, server.ca, server.verify(ca.publicKey), server.checkIssued(ca)]).toEqual([true, false, true, true])
    expect(key).toContain('PRIVATE KEY')
    for (const host of ['localhost', 'data.example']) expect(server.checkHost(host)).toBe(host)
    for (const ip of ['127.0.0.1', '::1', 'fd00::a1']) expect(server.checkIP(ip)).toBeDefined()
    expect([server.checkHost('evil.example'), server.checkIP('127.0.0.2')]).toEqual([undefined, undefined])
    expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
  })

  it('is kept, with a key that only its owner may read, until it is about to end', () => {
    const dataDir = temporaryFolder()
    const first = openAuthority(dataDir, systemClock).certificate
    expect(openAuthority(dataDir, systemClock).certificate).toBe(first)
    expect(statSync(join(dataDir, 'tls', 'ca-key.pem')).mode & 0o777).toBe(0o600)
    const later = { ...systemClock, now: () => Date.now() + 3600 * 86_400_000 }
    const renewed = openAuthority(dataDir, later).certificate
    expect(renewed).not.toBe(first)
    expect(new X509Certificate(renewed).validTo).toContain(
      String(new Date(later.now() + 3649 * 86_400_000).getUTCFullYear()),
    )
    const passing = openAuthority(undefined, systemClock)
    const file = passing.env['NODE_EXTRA_CA_CERTS'] ?? ''
    expect(readFileSync(file, 'utf8')).toBe(passing.certificate)
    passing.close()
    expect(() => readFileSync(file)).toThrow('ENOENT')
  })

  it.skipIf(!hasOpenssl)('satisfies OpenSSL at its strictest', () => {
    const folder = temporaryFolder()
    const authority = openAuthority(folder, systemClock)
    const server = join(folder, 'server.pem')
    writeFileSync(server, authority.issue(['localhost']).cert)
    const ca = authority.env['NODE_EXTRA_CA_CERTS'] ?? ''
    const verified = spawnSync('openssl', [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-verify_hostname',
      'localhost',
      '-CAfile',
      ca,
      server,
    ])
    expect(verified.stdout.toString() + verified.stderr.toString()).toBe(`${server}: OK\n`)
  })
})

describe('an emulator with tls', () => {
  it('serves files and managers by https that its authority vouches for', async () => {
    await using emulator = await startEmulator({ port: 0, hosts: ['127.0.0.1'], tls: true })
    const { collections: c } = demo
    const origin = originOf(emulator, c.tidalSurveyPublic)
    expect(origin).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const found = emulator.world.collections.find(c.tidalSurveyPublic)
    if (found === undefined) throw new Error('no collection')
    writeFileSync(join(emulator.transfer.roots.rootOf(found).path, 'open'), 'open')
    const ca = readFileSync(emulator.info().env['NODE_EXTRA_CA_CERTS'] ?? '')
    const status = (url: string, trusted: Buffer | undefined): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const options = trusted === undefined ? {} : { ca: trusted }
        get(url, options, (response) => resolve(response.resume().statusCode)).on('error', reject)
      })
    expect(await status(`${origin}/open`, ca)).toBe(200)
    expect(await status(`${origin.replace('127.0.0.1', 'localhost')}/open`, ca)).toBe(200)
    await expect(status(`${origin}/open`, undefined)).rejects.toThrow(/certificate/)
    expect(await status(`${emulator.transfer.httpsServer(found)}/none`, ca)).toBe(404)
    const file = join(temporaryFolder(), 'info.json')
    writeInfo(file, emulator.info())
    const { trust } = findEmulator({ info: file, data: undefined, url: undefined })
    expect(Object.keys(trust).toSorted()).toEqual([
      'GLOBUS_SDK_VERIFY_SSL',
      'NODE_EXTRA_CA_CERTS',
      'REQUESTS_CA_BUNDLE',
      'SSL_CERT_FILE',
    ])
    expect(clientEnvironment(emulator.origin, { runtime: 'python', trust })).toMatchObject(trust)
    expect(clientEnvironment(emulator.origin, { runtime: 'browser', trust })).not.toHaveProperty('SSL_CERT_FILE')
    await expect(startEmulator({ port: 0, tls: true, dataOriginTemplate: 'http://{id}.example' })).rejects.toThrow(
      '--tls',
    )
  })
})
