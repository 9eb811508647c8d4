import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  X509Certificate,
  type KeyObject,
} from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { rootCertificates } from 'node:tls'
import type { Clock } from '../clock.ts'
import { makeCertificate } from './certificate.ts'

/** A certificate authority of this machine alone, kept in a directory. */
export interface Authority {
  /** PEM of the authority. */
  readonly certificate: string
  /**
   * The variables by which clients learn to trust it: Node beside its own authorities, others by a file that has both. Python's SDK
   * reads one of its own only.
   */
  readonly env: Readonly<Record<string, string>>
  /** A key and certificate for a server of those names and addresses. Not kept. */
  issue(names: readonly string[]): { readonly key: string; readonly cert: string }
  /** Removes what is not to be kept. */
  close(): void
}

const DAY = 86_400_000
const AUTHORITY_NAME = 'Pierhead local emulator'

/** Opens the authority of a data directory, and makes it when there is none or it is about to end; without a directory a passing one. */
export function openAuthority(dataDir: string | undefined, clock: Clock): Authority {
  const folder = dataDir === undefined ? mkdtempSync(join(tmpdir(), 'pierhead-tls-')) : resolve(dataDir, 'tls')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const files = { ca: join(folder, 'ca.pem'), key: join(folder, 'ca-key.pem'), bundle: join(folder, 'ca-bundle.pem') }
  const now = clock.now()
  if (!isGood(files, now)) make(files, now)
  const certificate = readFileSync(files.ca, 'utf8')
  const privateKey = createPrivateKey(readFileSync(files.key))
  return {
    certificate,
    env: {
      NODE_EXTRA_CA_CERTS: files.ca,
      SSL_CERT_FILE: files.bundle,
      REQUESTS_CA_BUNDLE: files.bundle,
      GLOBUS_SDK_VERIFY_SSL: files.bundle,
    },
    issue: (names) => issue(names, { privateKey, now }),
    close: () => {
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface AuthorityFiles {
  readonly ca: string
  readonly key: string
  readonly bundle: string
}

function isGood({ ca, key, bundle }: AuthorityFiles, now: number): boolean {
  if (![ca, key, bundle].every((file) => existsSync(file))) return false
  const certificate = new X509Certificate(readFileSync(ca))
  return (
    Date.parse(certificate.validTo) > now + 100 * DAY &&
    certificate.checkPrivateKey(createPrivateKey(readFileSync(key)))
  )
}

function make(files: AuthorityFiles, now: number): void {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const certificate = makeCertificate({
    subject: AUTHORITY_NAME,
    publicKey: keys.publicKey,
    issuer: AUTHORITY_NAME,
    issuerKey: keys,
    serial: randomBytes(16),
    from: new Date(now - DAY),
    until: new Date(now + 3650 * DAY),
    names: null,
  })
  rmSync(files.key, { force: true })
  writeFileSync(files.key, keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' })
  writeFileSync(files.ca, certificate)
  writeFileSync(files.bundle, [certificate.trimEnd(), ...rootCertificates, ''].join('\n'))
}

function issue(
  names: readonly string[],
  { privateKey, now }: { readonly privateKey: KeyObject; readonly now: number },
): { key: string; cert: string } {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const cert = makeCertificate({
    subject: names[0] ?? 'localhost',
    publicKey: keys.publicKey,
    issuer: AUTHORITY_NAME,
    issuerKey: { privateKey, publicKey: createPublicKey(privateKey) },
    serial: randomBytes(16),
    from: new Date(now - DAY),
    until: new Date(now + 90 * DAY),
    names,
  })
  return { key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), cert }
}
