import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { capability } from '../../tools/lib/capability.ts'

/** A certificate for `localhost`, and the authority that signed it. */
export interface Certificate {
  readonly certificate: string
  readonly key: string
  /** PEM of the authority. */
  readonly authority: string
}

const days = ['-days', '2']
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** Makes an authority and a certificate in a folder, both for a day. */
export function makeCertificate(folder: string): Certificate {
  const program = capability('openssl')
  if (!program.available) throw new Error(program.reason)
  const openssl = (...args: readonly string[]): unknown =>
    execFileSync(program.path, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  const authority = ['-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Authority of one test']
  openssl('req', '-x509', ...newKey, ...days, ...authority, '-addext', 'keyUsage=keyCertSign')
  openssl('req', ...newKey, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost')
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n')
  const signed = ['-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names']
  openssl('x509', '-req', ...signed, ...days, '-out', 'server.pem')
  return {
    certificate: join(folder, 'server.pem'),
    key: join(folder, 'server.key'),
    authority: readFileSync(join(folder, 'ca.pem'), 'utf8'),
  }
}
